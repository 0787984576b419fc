using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace SimLedger.IntegrationTests.Faults;

/// <summary>
/// A way to PostgreSQL that breaks when a test says so: all at once, just after a COMMIT took place and before its answer arrives, or
/// by falling silent. It reads the messages that the server sends, so that it breaks exactly there.
/// </summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Link, Task> _links = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;
    private TaskCompletionSource? _stalled;
    private int _armed;
    private int _commitsCut;

    private CuttingProxy(int target)
    {
        Target = target;
        _listener.Start();
        _accepting = Accept();
    }

    /// <summary>Where PostgreSQL listens; it may move when it is started again.</summary>
    public int Target { get; set; }

    /// <summary>New connections end at once, as if nobody were there.</summary>
    public bool Refuses { get; set; }

    /// <summary>Commits that took place and whose answer never arrived.</summary>
    public int CommitsCut => Volatile.Read(ref _commitsCut);

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public static CuttingProxy To(string connectionString) => new(new NpgsqlConnectionStringBuilder(connectionString).Port);

    /// <summary>The same database by way of this proxy. Nothing is encrypted, so that messages can be read.</summary>
    public string Through(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString)
    {
        Host = "127.0.0.1", Port = Port, SslMode = SslMode.Disable, GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    public void CutAll()
    {
        foreach (var link in _links.Keys) link.Cut();
    }

    /// <summary>The next COMMIT, on whichever connection, takes place and its answer is lost with the connection.</summary>
    public void CutAfterNextCommit() => Interlocked.Exchange(ref _armed, 1);

    /// <returns>True: no COMMIT came, and none will be cut.</returns>
    public bool Disarm() => Interlocked.Exchange(ref _armed, 0) == 1;

    /// <summary>Nothing passes, nothing ends: what a broken switch looks like.</summary>
    public void Stall() => Interlocked.CompareExchange(ref _stalled, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null);

    public void Resume() => Interlocked.Exchange(ref _stalled, null)?.SetResult();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        Resume();
        await _accepting;
        CutAll();
        await Task.WhenAll(_links.Values);
        _end.Dispose();
    }

    private async Task Accept()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                if (Refuses)
                {
                    client.Dispose();
                    continue;
                }
                var link = new Link(this, client);
                var running = new TaskCompletionSource();
                _links[link] = running.Task;
                _ = link.Run(Target).ContinueWith(_ =>
                {
                    _links.TryRemove(link, out Task? _);
                    running.SetResult();
                }, TaskScheduler.Default);
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The end, or a client that had gone before it was taken.
            }
        }
    }

    /// <summary>Takes the one shot if it is armed.</summary>
    private bool TakesCommit()
    {
        if (Interlocked.Exchange(ref _armed, 0) == 0) return false;
        Interlocked.Increment(ref _commitsCut);
        return true;
    }

    private sealed class Link(CuttingProxy proxy, TcpClient client)
    {
        private readonly TcpClient _server = new() { NoDelay = true };

        public async Task Run(int target)
        {
            try
            {
                client.NoDelay = true;
                await _server.ConnectAsync(IPAddress.Loopback, target);
                await Task.WhenAny(PassRequests(client.GetStream(), _server.GetStream()), PassAnswers(_server.GetStream(), client.GetStream()));
            }
            catch (SocketException)
            {
                // Nobody listens there just now: the client learns it by the end of its connection.
            }
            finally
            {
                Cut();
            }
        }

        public void Cut()
        {
            client.Dispose();
            _server.Dispose();
        }

        private async Task PassRequests(NetworkStream from, NetworkStream to)
        {
            var buffer = new byte[64 * 1024];
            try
            {
                while (await from.ReadAsync(buffer) is > 0 and var read)
                {
                    if (proxy._stalled is { } stalled) await stalled.Task;
                    await to.WriteAsync(buffer.AsMemory(0, read));
                }
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException)
            {
                // Cut, by us or by either end.
            }
        }

        /// <summary>Passes whole messages on: a type, a length that counts itself, a body. "C" with the text COMMIT says that one took place.</summary>
        private async Task PassAnswers(NetworkStream from, NetworkStream to)
        {
            var buffer = new byte[64 * 1024];
            var held = 0;
            try
            {
                while (await from.ReadAsync(buffer.AsMemory(held)) is > 0 and var read)
                {
                    held += read;
                    if (proxy._stalled is { } stalled) await stalled.Task;
                    var whole = 0;
                    while (held - whole >= 5 && held - whole > BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(whole + 1)))
                    {
                        var next = whole + 1 + BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(whole + 1));
                        if (buffer[whole] == (byte)'C' && buffer.AsSpan(whole + 5, next - whole - 5).SequenceEqual("COMMIT\0"u8) && proxy.TakesCommit()) return;
                        whole = next;
                    }
                    await to.WriteAsync(buffer.AsMemory(0, whole));
                    buffer.AsSpan(whole, held - whole).CopyTo(buffer);
                    held -= whole;
                    if (held == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
                }
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException)
            {
                // Cut, by us or by either end.
            }
        }
    }
}
