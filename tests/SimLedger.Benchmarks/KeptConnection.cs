using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SimLedger.Benchmarks;

/// <summary>
/// One kept-alive HTTP/1.1 connection, one request at a time. It knows just what SimLedger's answers need, so that the caller takes as little of the machine as pgbench does.
/// </summary>
internal sealed class KeptConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly string _host;
    private byte[] _answer = new byte[16 * 1024];

    private KeptConnection(string host) => _host = host;

    /// <param name="url">Of the server, as <c>http://127.0.0.1:5000</c>.</param>
    public static async Task<KeptConnection> Open(string url)
    {
        var address = new Uri(url);
        var connection = new KeptConnection(address.Authority);
        await connection._socket.ConnectAsync(IPAddress.Parse(address.Host), address.Port);
        return connection;
    }

    /// <summary>Sends a command and waits for the whole of its answer.</summary>
    /// <exception cref="InvalidOperationException">The answer was not 200; what it was.</exception>
    public async Task Post(string path, string apiKey, string idempotencyKey, string json)
    {
        var body = Encoding.UTF8.GetByteCount(json);
        await Send($"POST {path} HTTP/1.1\r\nHost: {_host}\r\nAuthorization: Bearer {apiKey}\r\nIdempotency-Key: {idempotencyKey}\r\nContent-Type: application/json\r\nContent-Length: {body}\r\n\r\n{json}");
        var received = 0;
        while (!IsWhole(_answer.AsSpan(0, received)))
        {
            if (received == _answer.Length) Array.Resize(ref _answer, 2 * _answer.Length);
            var more = await _socket.ReceiveAsync(_answer.AsMemory(received));
            if (more == 0) throw new InvalidOperationException($"The server closed the connection before it had answered {path}.");
            received += more;
        }
        if (!_answer.AsSpan().StartsWith("HTTP/1.1 200 "u8)) throw new InvalidOperationException($"{path} was answered: {Encoding.UTF8.GetString(_answer, 0, received)}");
    }

    public void Dispose() => _socket.Dispose();

    private async Task Send(string request)
    {
        var bytes = Encoding.UTF8.GetBytes(request);
        for (var sent = 0; sent < bytes.Length;) sent += await _socket.SendAsync(bytes.AsMemory(sent));
    }

    /// <summary>By the length that the head tells; else by the last chunk, which nothing in JSON of one line looks like.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0) return false;
        var head = answer[..(end + 2)];
        var body = answer[(end + 4)..];
        var name = "\r\nContent-Length: "u8;
        if (head.IndexOf(name) is not (>= 0 and var at)) return body.EndsWith("\r\n0\r\n\r\n"u8);
        var value = head[(at + name.Length)..];
        return body.Length >= int.Parse(value[..value.IndexOf((byte)'\r')], NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
