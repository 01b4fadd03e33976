using System.Net;
using System.Text;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Rules;
using ActorTunnel.Engine.Sessions.Socks;
using ActorTunnel.Ssh.Authentication;

namespace ActorTunnel.Engine.Sessions.Login;

/// <content>Whom the client wants to be, and where: USER says it, the rules allow it, PASS makes a login of it.</content>
internal sealed partial class FtpLoginActor
{
    private static readonly UTF8Encoding _strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Destinations that a client may name in vain: each is a line in log and audit.</summary>
    private const int MaxRefusals = 10;

    private static readonly TimeSpan _resolvePatience = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of an SSH user's name; LOGIN_NAME_MAX of Linux is 256 with the NUL.</summary>
    private const int MaxSshUser = 255;

    // What USER has asked for while the rules are asked.
    private ProxyLogin? _asked;

    private int _refusals;

    // What USER has been answered 331 for.
    private Login? _login;

    // Of the login that is tried, or that the session has come of.
    private Secret? _password;

    private void ReceiveDestination() => Receive<Resolved>(resolved => Decide(resolved.Addresses));

    private void SetUser(FtpCommand user)
    {
        _login = null;
        _audit.Sees(user);
        if (user.Argument.IsEmpty)
            Say(FtpReplies.UserNeeded);
        else if (_session.Decision is { } decided)
            Accept(decided, user.Argument.ToArray());
        else if ((_asked = ProxyLogin.Parse(user.Argument)) is null)
            Say(FtpReplies.UserNamesNoHost);
        else
            Decide(addresses: null);
    }

    private void Decide(IReadOnlyList<IPAddress>? addresses)
    {
        if (_ending)
            return;
        var decision = _rules.Decide(new ConnectionRequest(_asked!.Host, _asked.Port, _session.ClientEndPoint.Address)
        {
            SocksUser = _session.SocksUser,
            Addresses = addresses,
        });
        switch (decision)
        {
            case null:
                RuleNames.ResolveAsync(_asked.Host, _resolvePatience, _services.Time, _stopped.Token)
                    .PipeTo(Self, success: found => new Resolved(found));
                break;
            case { Action: FilterAction.Block }:
                Refuse(decision);
                break;
            default:
                Accept(decision, _asked.User);
                break;
        }
    }

    private void Refuse(Decision decision)
    {
        var reason = decision.Refusal ?? "it is blocked";
        _logger.DestinationRefused(_id, _asked!.Host, _asked.Port, reason, _audit.Who);
        _audit.RefusedDestination(decision, reason);
        var reply = FtpReplies.NotAllowed(decision.Refusal);
        if (++_refusals == MaxRefusals)
            SayFarewell(reply.For(_id).Then(FtpReplies.TooManyLogins.For(_id)), Failure.Policy, "too many refused destinations");
        else
            Say(reply);
    }

    private void Accept(Decision decision, byte[] user)
    {
        var login = new Login(decision, user);
        if (login.IsSshLogin && login.SshUser is null)
        {
            Say(FtpReplies.UserNotForSsh);
            return;
        }

        if (user.AsSpan().IndexOfAny((byte)'\r', (byte)'\0') >= 0)
        {
            Say(FtpReplies.LineBreakWithin);
            return;
        }

        _login = login;
        Say(FtpReplies.PasswordNeeded);
    }

    private (NewSession Client, ServerLogin Login) Prepare(FtpCommand pass)
    {
        var (decision, user) = _login!;
        _password = new Secret(pass.ExactArgument);
        var sshLogin = _login.IsSshLogin ? new ApplicationLogin(_login.SshUser!, _password) : null;
        // A rule for plain connections is asked about an FTP session here: its data connections take the same way.
        var target = SessionTarget.Of(_session.Entry, decision, _session.SocksUser, sshLogin) with
        {
            Kind = ForwardKind.Ftp,
            FtpUser = Encoding.UTF8.GetString(user),
            Socks = _session.Socks,
        };
        _audit.Goes(target, user);
        var policy = new CommandPolicy(target.Ftp.Restrictions, passesAuth: false);
        var preamble = _preamble.Commands.Where(command => policy.Refusal(command) is null).ToList();
        return (new NewSession(_session.Client, target), new ServerLogin(preamble, user, _password));
    }

    private sealed record Resolved(IReadOnlyList<IPAddress> Addresses);

    private sealed record Login(Decision Decision, byte[] User)
    {
        /// <summary>USER and PASS are for the SSH server too.</summary>
        public bool IsSshLogin => Decision is { Action: FilterAction.FtpTunnel, Rule.UserFromApplication: true };

        /// <summary>As SSH wants it (RFC 4252, section 5); null: it cannot be one.</summary>
        public string? SshUser { get; } = Decode(User);

        // No server has users whose names are longer or hold control characters. sshd hangs up at a NUL, which would look as if it
        // were away, to everybody.
        private static string? Decode(byte[] user)
        {
            try
            {
                var text = _strictUtf8.GetString(user);
                return user.Length <= MaxSshUser && !text.Any(char.IsControl) ? text : null;
            }
            catch (DecoderFallbackException)
            {
                return null;
            }
        }
    }
}
