using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using VSan.IscsiInitiator;

namespace VSan.Tests.Harness;

/// <summary>
/// Reads and writes of one logical unit by one session, with a ledger of every acknowledged write outside the product. A command whose
/// connection ends is repeated on a new session, as a host's initiator does; each worker owns its own chunks, so that the ledger knows
/// at every moment what each chunk must hold.
/// </summary>
internal sealed class VerifiedLoad : IAsyncDisposable
{
    private const int ChunkBytes = 4096;
    private const int ChunksPerWorker = 64;
    private const int ChunksPerCommand = 16;
    private static readonly TimeSpan GiveUp = TimeSpan.FromSeconds(15);
    private readonly HostAccess _access;
    private readonly int _seed;
    private readonly int _blocksPerChunk;
    private readonly uint[] _ledger;
    private readonly TimeSpan _patience;
    private readonly SemaphoreSlim _connecting = new(1);
    private readonly int _queueDepth;
    private CancellationTokenSource _stop = new();
    private Task _workers = Task.CompletedTask;
    private IscsiSession? _session;
    private long _operations;
    private long _reconnects;

    private VerifiedLoad(HostAccess access, int seed, int queueDepth, int blockSizeBytes, TimeSpan? patience)
    {
        (_access, _seed, _blocksPerChunk, _ledger) = (access, seed, ChunkBytes / blockSizeBytes, new uint[queueDepth * ChunksPerWorker]);
        (_queueDepth, _patience) = (queueDepth, patience ?? GiveUp);
        Resume();
    }

    /// <summary>Commands that have ended well.</summary>
    public long Operations => Interlocked.Read(ref _operations);

    /// <summary>Sessions beyond the first.</summary>
    public long Reconnects => Interlocked.Read(ref _reconnects) - 1;

    /// <summary>What went wrong: wrong bytes, commands that failed, a target that did not come back.</summary>
    public ConcurrentQueue<string> Failures { get; } = [];

    /// <summary>Begins a load on a logical unit of zeroes.</summary>
    /// <param name="access">The way there.</param>
    /// <param name="seed">Of the bytes and of the order.</param>
    /// <param name="queueDepth">Commands under way, each a worker's.</param>
    /// <param name="blockSizeBytes">Of the logical unit.</param>
    /// <param name="patience">How long a command may take before its session is dropped and it is repeated on a new one.</param>
    public static VerifiedLoad Start(HostAccess access, int seed, int queueDepth = 4, int blockSizeBytes = 512, TimeSpan? patience = null) =>
        new(access, seed, queueDepth, blockSizeBytes, patience);

    /// <summary>Waits until it has done that much more than now: the proof that I/O goes on.</summary>
    public Task ProgressAsync(long operations = 100)
    {
        long goal = Operations + operations;
        return Eventually.TrueAsync($"{operations} more commands on {_access.Target} lun {_access.Lun}", () => Operations >= goal || !Failures.IsEmpty);
    }

    /// <summary>Ends the workers after their present command.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _workers;
    }

    /// <summary>Goes on after <see cref="StopAsync"/>, with the same ledger.</summary>
    public void Resume()
    {
        _stop.Dispose();
        _stop = new CancellationTokenSource();
        _workers = Task.WhenAll(Enumerable.Range(0, _queueDepth).Select(worker => Task.Run(() => WorkAsync(worker))));
    }

    /// <summary>Reads everything that was ever acknowledged and returns how many chunks differ.</summary>
    /// <param name="expectedSeed">Another seed expects other bytes: the negative control.</param>
    public async Task<int> CountLostAsync(int? expectedSeed = null)
    {
        int lost = 0;
        for (int first = 0; first < _ledger.Length; first += ChunksPerCommand)
        {
            byte[] found = await ReadAsync(first, ChunksPerCommand);
            for (int chunk = 0; chunk < ChunksPerCommand; chunk++)
            {
                if (!Holds(found.AsSpan(chunk * ChunkBytes, ChunkBytes), expectedSeed ?? _seed, first + chunk)) lost++;
            }
        }

        return lost;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_session is not null) await _session.DisposeAsync();
        _connecting.Dispose();
        _stop.Dispose();
    }

    private async Task WorkAsync(int worker)
    {
        Random random = new((_seed * 31) + worker);
        while (!_stop.IsCancellationRequested && Failures.IsEmpty)
        {
            int count = random.Next(1, ChunksPerCommand + 1);
            int first = (worker * ChunksPerWorker) + random.Next(ChunksPerWorker - count + 1);
            try
            {
                if (random.Next(2) == 0) await WriteAsync(first, count);
                else await ReadAndCompareAsync(first, count);
                Interlocked.Increment(ref _operations);
            }
            catch (Exception error) when (error is IOException or LoginRefusedException or TimeoutException)
            {
                Failures.Enqueue($"chunks {first}+{count}: {error.Message}");
            }
        }
    }

    private async Task WriteAsync(int first, int count)
    {
        byte[] data = new byte[count * ChunkBytes];
        for (int chunk = 0; chunk < count; chunk++) Fill(data.AsSpan(chunk * ChunkBytes, ChunkBytes), _seed, first + chunk, _ledger[first + chunk] + 1);
        await ExecuteAsync(ScsiCommand.Write((ulong)(first * _blocksPerChunk), count * _blocksPerChunk), 0, data);
        for (int chunk = first; chunk < first + count; chunk++) _ledger[chunk]++;
    }

    private async Task ReadAndCompareAsync(int first, int count)
    {
        byte[] found = await ReadAsync(first, count);
        for (int chunk = 0; chunk < count; chunk++)
        {
            if (!Holds(found.AsSpan(chunk * ChunkBytes, ChunkBytes), _seed, first + chunk)) throw new IOException($"chunk {first + chunk} does not hold version {_ledger[first + chunk]}");
        }
    }

    private async Task<byte[]> ReadAsync(int first, int count) =>
        (await ExecuteAsync(ScsiCommand.Read((ulong)(first * _blocksPerChunk), count * _blocksPerChunk), count * ChunkBytes, default)).Data;

    private async Task<ScsiResult> ExecuteAsync(byte[] cdb, int readBytes, ReadOnlyMemory<byte> write)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            IscsiSession session = await ConnectedAsync(start);
            try
            {
                ScsiResult result = await session.ExecuteAsync(cdb, readBytes, write).WaitAsync(_patience);
                return result.Status == ScsiResult.Good ? result : throw new IOException($"command {cdb[0]:x2} ended with {result}");
            }
            catch (IOException) when (session.HasEnded && Stopwatch.GetElapsedTime(start) < GiveUp)
            {
                // The connection ended under the command: whether it was carried out is unknown, so it is repeated on a new one.
            }
            catch (TimeoutException) when (Stopwatch.GetElapsedTime(start) < GiveUp)
            {
                // The target does not answer, as an initiator's timer finds; the session goes, and with it all that was sent on it.
                session.Drop();
            }
        }
    }

    private async Task<IscsiSession> ConnectedAsync(long since)
    {
        await _connecting.WaitAsync();
        try
        {
            if (_session is { HasEnded: false }) return _session;
            if (_session is not null) await _session.DisposeAsync();
            _session = await Eventually.SomeAsync($"{_access.Portal} accepts a login", async () => await IscsiSession.LoginAsync(_access), GiveUp - Stopwatch.GetElapsedTime(since));
            Interlocked.Increment(ref _reconnects);
            return _session;
        }
        finally
        {
            _connecting.Release();
        }
    }

    private bool Holds(ReadOnlySpan<byte> found, int seed, int chunk)
    {
        Span<byte> expected = stackalloc byte[ChunkBytes];
        expected.Clear();
        if (_ledger[chunk] > 0) Fill(expected, seed, chunk, _ledger[chunk]);
        return found.SequenceEqual(expected);
    }

    /// <summary>Every word differs from every other word of every other chunk, version and volume.</summary>
    private static void Fill(Span<byte> chunk, int seed, int index, uint version)
    {
        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(chunk);
        ulong word = ((ulong)(uint)seed << 48) ^ ((ulong)(uint)index << 32) ^ version;
        for (int i = 0; i < words.Length; i++) words[i] = (word * 0x9e3779b97f4a7c15) + (ulong)i;
    }
}
