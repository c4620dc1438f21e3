using System.Buffers;
using System.Net;
using Microsoft.Win32.SafeHandles;
using VSan.Contracts.UnitLink;
using VSan.Interop;
using VSan.IscsiInitiator;
using VSan.UnitAgent.Reconcile;

namespace VSan.UnitAgent.Copying;

/// <summary>
/// One attempt to copy a leg: blocks that the other unit has mapped and that are not zero come here, then both are read again from their
/// starts and their digests compared. It begins where the last attempt had flushed.
/// </summary>
internal sealed class LegCopyRun(LegCopySpec copy, string secret, LegFiles files, Action<LegCopyFact> tell)
{
    /// <summary>What is looked at at once: holes smaller than this are read and skipped when they are zero.</summary>
    internal const int ChunkBytes = 256 * 1024;

    /// <summary>Reads under way at once: 1 MiB in flight keeps a 10 Gbit/s network busy at 0.8 ms, and the agent small.</summary>
    private const int Depth = 4;

    /// <summary>Between two marks: what a crash costs to copy again, at most.</summary>
    private const long MarkEveryBytes = 64L << 20;

    /// <summary>Facts are told so often at least, in bytes: a hundredth of a second of a fast network.</summary>
    private const long TellEveryBytes = 8L << 20;

    private readonly LegSpec _leg = copy.Leg;

    /// <summary>Copies and compares.</summary>
    /// <returns>The digest of both.</returns>
    /// <exception cref="IOException">The other unit, the network or the disk failed, or the digests differ; it may be tried again.</exception>
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        if (files.DigestOf(_leg) is { } done) return done;
        if (files.TryEndCopyAgain(_leg)) return files.DigestOf(_leg)!;
        (string path, long doneBytes) = files.BeginCopy(_leg);
        await using RemoteLeg remote = await RemoteLeg.OpenAsync(Access(), _leg, cancellationToken);
        using (SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read))
        {
            await CopyAsync(remote, file, doneBytes, cancellationToken);
            string theirs = await DigestAsync(remote, cancellationToken);
            string ours = Digest(path, file, cancellationToken);
            if (theirs != ours)
            {
                files.Mark(_leg, 0);
                throw new IOException($"The copy's digest {ours} is not that of the source, {theirs}. It is copied anew.");
            }

            files.EndCopy(_leg, ours);
            return ours;
        }
    }

    private HostAccess Access() => new(
        copy.Portals.Count > 0 ? IPEndPoint.Parse(copy.Portals[Random.Shared.Next(copy.Portals.Count)]) : throw new IOException("The other unit has no portal."),
        copy.TargetName,
        copy.InitiatorName,
        Lun: 0,
        copy.ChapUser,
        secret);

    private async Task CopyAsync(RemoteLeg remote, SafeFileHandle file, long fromBytes, CancellationToken cancellationToken)
    {
        Queue<(long Offset, Task<byte[]> Data)> reads = [];
        long marked = fromBytes, told = -TellEveryBytes;
        for (long next = fromBytes; next < _leg.SizeBytes || reads.Count > 0;)
        {
            while (reads.Count < Depth && (next = await remote.SkipHolesAsync(next, cancellationToken)) < _leg.SizeBytes)
            {
                reads.Enqueue((next, remote.ReadAsync(next, Length(next), cancellationToken)));
                next += Length(next);
            }

            if (reads.Count == 0) break;
            (long offset, Task<byte[]> reading) = reads.Dequeue();
            byte[] data = await reading;
            if (data.AsSpan().ContainsAnyExcept((byte)0)) await RandomAccess.WriteAsync(file, data, offset, cancellationToken);
            long done = offset + data.Length;
            if (done - told >= TellEveryBytes) Tell(LegCopyPhase.Copying, told = done);
            if (done - marked < MarkEveryBytes) continue;
            RandomAccess.FlushToDisk(file);
            files.Mark(_leg, marked = done);
        }

        RandomAccess.FlushToDisk(file);
        files.Mark(_leg, _leg.SizeBytes);
        Tell(LegCopyPhase.Copying, _leg.SizeBytes);
    }

    private async Task<string> DigestAsync(RemoteLeg remote, CancellationToken cancellationToken)
    {
        using BlockDigest digest = new();
        Queue<(long Offset, Task<byte[]> Data)> reads = [];
        for (long next = 0, told = -TellEveryBytes; ;)
        {
            while (reads.Count < Depth && (next = await remote.SkipHolesAsync(next, cancellationToken)) < _leg.SizeBytes)
            {
                reads.Enqueue((next, remote.ReadAsync(next, Length(next), cancellationToken)));
                next += Length(next);
            }

            if (reads.Count == 0) return digest.End();
            (long offset, Task<byte[]> reading) = reads.Dequeue();
            digest.Add(offset, await reading);
            if (offset - told >= TellEveryBytes) Tell(LegCopyPhase.Verifying, told = offset);
        }
    }

    // From the disk's own extents, not from what was meant to be written.
    private string Digest(string path, SafeFileHandle file, CancellationToken cancellationToken)
    {
        using BlockDigest digest = new();
        using FileDescriptor extents = FileDescriptor.TryOpenToLook(path, out int error) ?? throw new IOException($"{path} cannot be opened: {Errno.Describe(error)}");
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            for (long next = extents.FindData(0); next >= 0 && next < _leg.SizeBytes; next = extents.FindData(next))
            {
                cancellationToken.ThrowIfCancellationRequested();
                long offset = next - (next % ChunkBytes);
                Span<byte> chunk = buffer.AsSpan(0, Length(offset));
                for (int read = 0; read < chunk.Length;)
                {
                    int got = RandomAccess.Read(file, chunk[read..], offset + read);
                    if (got == 0) throw new IOException($"{path} ends at byte {offset + read}.");
                    read += got;
                }

                digest.Add(offset, chunk);
                next = offset + chunk.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return digest.End();
    }

    private int Length(long offset) => (int)Math.Min(ChunkBytes - (offset % ChunkBytes), _leg.SizeBytes - offset);

    private void Tell(LegCopyPhase phase, long doneBytes) => tell(new LegCopyFact(_leg.LegId, phase, doneBytes, _leg.SizeBytes));
}
