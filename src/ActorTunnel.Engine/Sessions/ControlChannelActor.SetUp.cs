using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Sessions.Data;

namespace ActorTunnel.Engine.Sessions;

/// <content>
/// How a data channel comes to be. What the client asks for and what the server is asked for are two things, joined by
/// <see cref="AskServer"/>; here for PASV and EPSV.
/// </content>
internal sealed partial class ControlChannelActor
{
    private readonly ServerSetUp _serverSetUp = new();

    // What a command of the client waits for.
    private SetUp? _setUp;

    private void SetUpPassive(FtpCommand command)
    {
        if (PassiveCommand.Refusal(command, _route.Client.AddressFamily, _parameters.IsExtendedOnly) is { } refusal)
        {
            Relay(refusal, command);
        }
        else if (PassiveCommand.IsPromise(command))
        {
            // The client's promise to us: the server may have to be asked by PASV.
            _parameters.Accept(command, FtpReplies.ExtendedOnly);
            Relay(FtpReplies.ExtendedOnly, command);
        }
        else if (command.Verb == FtpVerb.Pasv && _route.AdvertisedAddress is null)
        {
            Relay(FtpReplies.PassiveNeedsAddress, command);
        }
        else
        {
            DropDataChannel(); // The last one asked for counts (RFC 959, section 3.2).
            AskServerToListen(command.Verb, reply => OpenPassive(command, reply));
        }
    }

    private void AskServerToListen(FtpVerb preferred, Action<FtpReply> answered) =>
        AskServer(preferred, verb => FtpCommand.Create(verb.ToString().ToUpperInvariant()), answered);

    /// <summary>Asks for a data connection in these words, or in the others if the server does not know those.</summary>
    /// <param name="preferred">PASV, EPSV, PORT or EPRT.</param>
    /// <param name="words">The whole command; null: it cannot be said by that verb.</param>
    /// <param name="answered">Gets the final reply: the first one, if neither is taken.</param>
    private void AskServer(FtpVerb preferred, Func<FtpVerb, FtpCommand?> words, Action<FtpReply> answered)
    {
        var verb = _serverSetUp.Choose(preferred);
        Ask(words(verb)!, reply =>
        {
            if (!reply.IsWhole)
            {
                // Where the server listens is nothing that the client may be told, and it cannot be replaced in parts.
                answered(FtpReplies.EndpointTooLong);
                return;
            }

            if (!ServerSetUp.IsUnable(reply) || words(ServerSetUp.Other(verb)) is not { } other)
            {
                answered(reply);
                return;
            }

            Ask(other, second =>
            {
                var succeeded = second is { Kind: ReplyKind.Completion, IsWhole: true };
                if (succeeded)
                    _serverSetUp.Refuses(verb);
                answered(succeeded ? second : reply);
            });
        });
    }

    private void OpenPassive(FtpCommand command, FtpReply reply)
    {
        if (PassiveReply.Parse(reply) is { } passive)
        {
            _setUp = new PassiveSetUp(command, passive);
            SpawnDataChannel(_route.PassiveDataChannel(DataContext("passive"), passive));
        }
        else if (!reply.IsWhole)
        {
            Relay(FtpReplies.EndpointTooLong, command); // Of the parts before this one the client has heard nothing.
        }
        else if (reply.Kind != ReplyKind.Completion || reply.Code == (command.Verb == FtpVerb.Pasv ? 227 : 229))
        {
            Relay(reply, command); // Without a usable endpoint it is the client's matter what to make of it.
        }
        else
        {
            Relay(FtpReplies.CannotOpenDataConnection("the FTP server does not say where it listens"), command);
        }
    }

    /// <summary>The data channel is ready: who will connect to it, or use it, is told.</summary>
    private void Announce(IPEndPoint endPoint)
    {
        switch (_setUp)
        {
            case PassiveSetUp passive:
                _setUp = null;
                Relay(passive.Reply.For(passive.Command.Verb, new IPEndPoint(PassiveAddressToTell, endPoint.Port)), passive.Command);
                break;
            case ActiveSetUp active:
                AskServerFor(active, endPoint);
                break;
        }
    }

    /// <summary>
    /// 227 has no room for an IPv6 address: clients take 0.0.0.0 for the host of the control connection, which is right. 229 names none.
    /// </summary>
    private IPAddress PassiveAddressToTell =>
        _route.AdvertisedAddress is { AddressFamily: AddressFamily.InterNetwork } known ? known : IPAddress.Any;

    private void SetUpFailed(DataUnavailable gone)
    {
        if (_setUp is not { } setUp)
            return;
        _setUp = null;
        if (setUp is ActiveSetUp { IsDefaultPort: true })
            NoDefaultDataPort(setUp.Command);
        else
            Relay(FtpReplies.CannotOpenDataConnection(gone.Reason), setUp.Command);
    }

    private abstract record SetUp(FtpCommand Command);

    private sealed record PassiveSetUp(FtpCommand Command, PassiveReply Reply) : SetUp(Command);
}
