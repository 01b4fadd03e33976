using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace ActorTunnel.Engine.Net;

/// <summary>
/// Whose a TCP socket on this machine is. The kernel is asked for just that one (sock_diag(7)): no list of sockets is made or read. Its
/// answer is there when the question has been sent, so nothing waits. It knows the sockets of this process's network namespace.
/// </summary>
[SupportedOSPlatform("linux")]
internal static partial class SocketOwner
{
    // Linux: AF_NETLINK, NETLINK_SOCK_DIAG, SOCK_RAW | SOCK_CLOEXEC, MSG_DONTWAIT, ENOENT.
    private const int AfNetlink = 16;
    private const int NetlinkSockDiag = 4;
    private const int RawCloseOnExec = 3 | 0x80000;
    private const int DoNotWait = 0x40;
    private const int NoEntry = 2;

    // struct nlmsghdr: length, type, flags, sequence, port id; its types SOCK_DIAG_BY_FAMILY and NLMSG_ERROR; NLM_F_REQUEST.
    private const int HeaderLength = 16;
    private const ushort SockDiagByFamily = 20;
    private const ushort NetlinkError = 2;
    private const ushort IsRequest = 1;

    // struct inet_diag_req_v2: family, protocol, extensions, padding, states, then the socket. struct inet_diag_sockid: both ports and both
    // addresses in network order, interface, cookie. struct inet_diag_msg: family, state, timer, retransmits, the socket, expiry, both
    // queues, uid, inode.
    private const int SocketAt = 8;
    private const int SocketLength = 48;
    private const int UidAt = HeaderLength + 4 + SocketLength + 12;
    private const int QuestionLength = HeaderLength + SocketAt + SocketLength;
    private const int AnswerLength = UidAt + 8;
    private const byte Inet = 2;
    private const byte Inet6 = 10;
    private const byte Tcp = 6;

    /// <summary>The user (uid) who has the socket that is <paramref name="own"/> and connected to <paramref name="peer"/>.</summary>
    /// <returns>Null: no process here has such a socket.</returns>
    /// <exception cref="IOException">The kernel does not say.</exception>
    public static uint? Find(IPEndPoint own, IPEndPoint peer)
    {
        Span<byte> question = stackalloc byte[QuestionLength];
        Span<byte> answer = stackalloc byte[512];
        Write(question, own, peer);
        using var kernel = Open(AfNetlink, RawCloseOnExec, NetlinkSockDiag);
        if (kernel.IsInvalid || Send(kernel, question, question.Length, 0) != question.Length)
            throw NoAnswer(Marshal.GetLastPInvokeError());
        var length = (int)Receive(kernel, answer, answer.Length, DoNotWait);
        if (length < 0)
            throw NoAnswer(Marshal.GetLastPInvokeError());
        return Read(answer[..length], question);
    }

    private static void Write(Span<byte> question, IPEndPoint own, IPEndPoint peer)
    {
        question.Clear();
        MemoryMarshal.Write(question, QuestionLength);
        MemoryMarshal.Write(question[4..], SockDiagByFamily);
        MemoryMarshal.Write(question[6..], IsRequest);
        var request = question[HeaderLength..];
        request[0] = own.AddressFamily == AddressFamily.InterNetworkV6 ? Inet6 : Inet;
        request[1] = Tcp;
        MemoryMarshal.Write(request[4..], uint.MaxValue); // any state
        var socket = request[SocketAt..];
        MemoryMarshal.Write(socket, IPAddress.HostToNetworkOrder((short)own.Port));
        MemoryMarshal.Write(socket[2..], IPAddress.HostToNetworkOrder((short)peer.Port));
        own.Address.TryWriteBytes(socket[4..20], out _);
        peer.Address.TryWriteBytes(socket[20..36], out _);
        if (own.AddressFamily == AddressFamily.InterNetworkV6)
            MemoryMarshal.Write(socket[36..], (uint)own.Address.ScopeId); // A link-local address has a link.
        socket[40..].Fill(0xff); // INET_DIAG_NOCOOKIE
    }

    private static uint? Read(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> question)
    {
        var type = answer.Length < HeaderLength + 4 ? default : MemoryMarshal.Read<ushort>(answer[4..]);
        if (type == NetlinkError)
        {
            var error = -MemoryMarshal.Read<int>(answer[HeaderLength..]);
            return error == NoEntry ? null : throw NoAnswer(error);
        }

        if (type != SockDiagByFamily || answer.Length < AnswerLength)
            throw new IOException("The kernel's answer is none that is known.");

        // Without a connected socket of these ends the kernel finds a listening one. One that its process has closed has no inode, and uid 0.
        var found = answer.Slice(HeaderLength + 4, 4);
        var asked = question.Slice(HeaderLength + SocketAt, 4);
        var inode = MemoryMarshal.Read<uint>(answer[(UidAt + 4)..]);
        return found.SequenceEqual(asked) && inode != 0 ? MemoryMarshal.Read<uint>(answer[UidAt..]) : null;
    }

    private static IOException NoAnswer(int error) => new(Marshal.GetPInvokeErrorMessage(error));

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial SafeFileHandle Open(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(SafeFileHandle socket, ReadOnlySpan<byte> bytes, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(SafeFileHandle socket, Span<byte> bytes, nint length, int flags);
}
