using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace VSan.Tests.Proof.Crash;

/// <summary>How a block of a rebuilt volume compares with what was promised.</summary>
internal enum BlockVerdict
{
    /// <summary>The last durable version, or one after it.</summary>
    Right,

    /// <summary>An older version than the last durable one.</summary>
    Lost,

    /// <summary>What was never written there, or half of it.</summary>
    Foreign,

    /// <summary>In a snapshot: what was sent after its answer.</summary>
    Late,
}

/// <summary>
/// Every change of every block of one volume, in the order of submission, and when each was promised to be durable. Any thread; changes of one
/// block come one after the other, as its worker waits for each.
/// </summary>
/// <remarks>
/// A block holds its version in its first four bytes and words made of volume, block and version in the rest, so that bytes of another place
/// or time, or of two times, are seen.
/// </remarks>
internal sealed class CrashLedger(uint volumeTag, int blockCount)
{
    public const int BlockBytes = 512;
    private readonly Lock _gate = new();
    private readonly List<Change>[] _history = [.. Enumerable.Range(0, blockCount).Select(_ => new List<Change>())];
    private readonly List<Change> _volatile = [];
    private uint _version;
    private long _changes;

    public int BlockCount => blockCount;

    /// <summary>Changes that were acknowledged.</summary>
    public long Changes => Interlocked.Read(ref _changes);

    /// <summary>A version that nobody has used.</summary>
    public uint NextVersion() => Interlocked.Increment(ref _version);

    /// <summary>A command is about to be sent.</summary>
    public Change Begin(int block, int count, uint version)
    {
        Change change = new(version);
        lock (_gate)
        {
            for (int i = block; i < block + count; i++) _history[i].Add(change);
        }

        return change;
    }

    /// <summary>It was acknowledged; with <paramref name="durableAt"/> as durable.</summary>
    public void Acknowledge(Change change, long? durableAt)
    {
        Interlocked.Increment(ref _changes);
        lock (_gate)
        {
            change.IsAcknowledged = true;
            if (durableAt is { } position) change.PromiseDurable(position);
            else _volatile.Add(change);
        }
    }

    /// <summary>For each block, the place in its history of the last change that was acknowledged by now; -1 for none.</summary>
    public int[] LastAcknowledged()
    {
        lock (_gate) return [.. _history.Select(changes => changes.FindLastIndex(change => change.IsAcknowledged))];
    }

    /// <summary>For each block, how many changes were sent by now.</summary>
    public int[] Sent()
    {
        lock (_gate) return [.. _history.Select(changes => changes.Count)];
    }

    /// <summary>It ended without a change, as a COMPARE AND WRITE that found other data.</summary>
    public void Withdraw(Change change, int block, int count)
    {
        lock (_gate)
        {
            for (int i = block; i < block + count; i++) _history[i].Remove(change);
        }
    }

    /// <summary>What a flush that is sent now will promise.</summary>
    public Change[] Volatile()
    {
        lock (_gate) return [.. _volatile];
    }

    /// <summary>That flush was acknowledged.</summary>
    public void Flushed(Change[] changes, long position)
    {
        lock (_gate)
        {
            foreach (Change change in changes) change.PromiseDurable(position);
            _volatile.RemoveAll(change => change.DurableAt <= position);
        }
    }

    /// <summary>The bytes of a block in a version.</summary>
    public void Fill(Span<byte> block, int index, uint version)
    {
        if (version == 0)
        {
            block.Clear();
            return;
        }

        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(block);
        ulong word = ((ulong)volumeTag << 56) ^ ((ulong)(uint)index << 32) ^ version;
        for (int i = 0; i < words.Length; i++) words[i] = (word * 0x9e3779b97f4a7c15) + ((ulong)i * 0xbf58476d1ce4e5b9);
        BinaryPrimitives.WriteUInt32LittleEndian(block, version);
    }

    /// <summary>The bytes of several blocks in one version.</summary>
    public byte[] Bytes(int block, int count, uint version)
    {
        byte[] bytes = new byte[count * BlockBytes];
        for (int i = 0; i < count; i++) Fill(bytes.AsSpan(i * BlockBytes, BlockBytes), block + i, version);
        return bytes;
    }

    /// <summary>Compares a block of a snapshot of which the change at place <paramref name="first"/> must be there, and none from place <paramref name="end"/> on.</summary>
    public BlockVerdict JudgeBetween(ReadOnlySpan<byte> found, int index, int first, int end)
    {
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(found);
        Span<byte> expected = stackalloc byte[BlockBytes];
        Fill(expected, index, version);
        int place = version == 0 ? -1 : _history[index].FindIndex(change => change.Version == version);
        if (!found.SequenceEqual(expected) || (version != 0 && place < 0)) return BlockVerdict.Foreign;
        return place < first ? BlockVerdict.Lost : place < end ? BlockVerdict.Right : BlockVerdict.Late;
    }

    /// <summary>Compares a block of a disk that had seen the log up to <paramref name="cut"/>.</summary>
    public BlockVerdict Judge(ReadOnlySpan<byte> found, int index, long cut)
    {
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(found);
        Span<byte> expected = stackalloc byte[BlockBytes];
        Fill(expected, index, version);
        if (!found.SequenceEqual(expected)) return BlockVerdict.Foreign;
        List<Change> history = _history[index];
        int durable = history.FindLastIndex(change => change.DurableAt <= cut);
        if ((durable < 0 && version == 0) || history.FindIndex(Math.Max(durable, 0), change => change.Version == version) >= 0) return BlockVerdict.Right;
        return version == 0 || history.Exists(change => change.Version == version) ? BlockVerdict.Lost : BlockVerdict.Foreign;
    }
}
