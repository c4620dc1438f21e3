using System.Runtime.CompilerServices;

namespace VSan.Interop.Uring;

/// <summary>
/// One io_uring: its two queues, as the kernel shares them. Created, used and closed by one thread. Policy-free: who submits what and
/// who hears of it is the reactor's.
/// </summary>
/// <remarks>
/// The kernel reads what lies before the submission tail and writes what lies before the completion tail, so each of our reads
/// of the other side's index acquires and each store of ours releases. x86 forgives a mistake here, arm64 does not.
/// </remarks>
public sealed unsafe class UringQueue : IDisposable
{
    private readonly int _fd;
    private readonly MemoryMapping _rings;
    private readonly MemoryMapping _entries;
    private readonly uint* _sqHead;
    private readonly uint* _sqTail;
    private readonly uint* _sqFlags;
    private readonly uint* _cqHead;
    private readonly uint* _cqTail;
    private readonly UringSqe* _sqes;
    private readonly UringCqe* _cqes;
    private readonly uint _sqMask;
    private readonly uint _cqMask;
    private readonly uint _sqEntries;
    private uint _filled;
    private uint _submitted;

    /// <summary>Sets the ring up on this thread; it submits nothing before <see cref="Enable"/>.</summary>
    /// <param name="submissionEntries">Room for submissions of one turn; a power of two.</param>
    /// <param name="completionEntries">Room for completions; past it the kernel keeps them itself, slower.</param>
    public UringQueue(int submissionEntries, int completionEntries)
    {
        UringParameters parameters = default;
        parameters.Flags = UringConstants.SetupCqSize | UringConstants.SetupSubmitAll | UringConstants.SetupCoopTaskrun
            | UringConstants.SetupSingleIssuer | UringConstants.SetupDeferTaskrun | UringConstants.SetupDisabled;
        parameters.CqEntries = (uint)completionEntries;
        _fd = Libc.Result(Libc.Syscall(UringConstants.SyscallSetup, submissionEntries, (nint)(&parameters), 0, 0, 0, 0));
        if (_fd < 0) throw new UringException("io_uring_setup", -_fd);
        const uint needed = UringConstants.FeatureSingleMmap | UringConstants.FeatureNoDrop;
        if ((parameters.Features & needed) != needed)
        {
            _ = Libc.Close(_fd);
            throw new UringException("finding one mapping and lossless completions", 0);
        }

        long submissionBytes = parameters.SqOffsets.Array + ((long)parameters.SqEntries * sizeof(uint));
        long completionBytes = parameters.CqOffsets.Cqes + ((long)parameters.CqEntries * sizeof(UringCqe));
        _rings = MemoryMapping.OfFile(_fd, 0, Math.Max(submissionBytes, completionBytes));
        _entries = MemoryMapping.OfFile(_fd, UringConstants.OffsetSqes, (long)parameters.SqEntries * sizeof(UringSqe));
        byte* rings = (byte*)_rings.Address;
        _sqHead = (uint*)(rings + parameters.SqOffsets.Head);
        _sqTail = (uint*)(rings + parameters.SqOffsets.Tail);
        _sqFlags = (uint*)(rings + parameters.SqOffsets.Flags);
        _cqHead = (uint*)(rings + parameters.CqOffsets.Head);
        _cqTail = (uint*)(rings + parameters.CqOffsets.Tail);
        _sqes = (UringSqe*)_entries.Address;
        _cqes = (UringCqe*)(rings + parameters.CqOffsets.Cqes);
        _sqEntries = parameters.SqEntries;
        _sqMask = parameters.SqEntries - 1;
        _cqMask = parameters.CqEntries - 1;

        // The indirection array stays the identity: entry i is always submitted from place i.
        uint* array = (uint*)(rings + parameters.SqOffsets.Array);
        for (uint i = 0; i < parameters.SqEntries; i++) array[i] = i;
    }

    /// <summary>io_uring_enter calls since the start.</summary>
    public long Enters { get; private set; }

    /// <summary>Entries filled and not yet handed over.</summary>
    public int Unsubmitted => (int)(_filled - _submitted);

    /// <summary>The next submission entry, cleared; null when the queue is full until the next <see cref="Enter"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public UringSqe* TryNextEntry()
    {
        if (_filled - Volatile.Read(ref *_sqHead) >= _sqEntries) return null;
        UringSqe* entry = &_sqes[_filled & _sqMask];
        _filled++;
        *entry = default;
        return entry;
    }

    /// <summary>Hands the filled entries to the kernel, and waits for so many completions.</summary>
    /// <returns>0, or a negated error number; a signal is not an error.</returns>
    public int Enter(int waitForCompletions)
    {
        uint count = _filled - _submitted;
        Volatile.Write(ref *_sqTail, _filled);
        Enters++;
        int result = Libc.Result(Libc.Syscall(
            UringConstants.SyscallEnter, _fd, (nint)count, waitForCompletions, (nint)UringConstants.EnterGetEvents, 0, 0));
        if (result >= 0) _submitted += (uint)result;
        return result is >= 0 or -Errno.Interrupted or -Errno.Again or -Errno.Busy ? 0 : result;
    }

    /// <summary>True when a completion can be taken without a call.</summary>
    public bool HasCompletion => Volatile.Read(ref *_cqTail) != *_cqHead || (Volatile.Read(ref *_sqFlags) & UringConstants.SqCqOverflow) != 0;

    /// <summary>Takes one completion, if there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(out UringCqe completion)
    {
        uint head = *_cqHead;
        if (head == Volatile.Read(ref *_cqTail))
        {
            completion = default;
            return false;
        }

        completion = _cqes[head & _cqMask];
        Volatile.Write(ref *_cqHead, head + 1);
        return true;
    }

    /// <summary>io_uring_register.</summary>
    public int Register(uint operation, nint argument, int count)
        => Libc.Result(Libc.Syscall(UringConstants.SyscallRegister, _fd, (nint)operation, argument, count, 0, 0));

    /// <summary>Registers one buffer, number 0, for READ_FIXED and WRITE_FIXED. The kernel pins it: its pages count as locked memory.</summary>
    public int RegisterBuffer(nint address, long lengthBytes)
    {
        var vector = new IoVector { Base = address, Length = (nuint)lengthBytes };
        return Register(UringConstants.RegisterBuffers, (nint)(&vector), 1);
    }

    /// <summary>Throws unless the kernel has every one of these operations.</summary>
    public void Require(ReadOnlySpan<UringOp> operations)
    {
        const int probeOps = 64;
        byte* probe = stackalloc byte[16 + (probeOps * 8)];
        new Span<byte>(probe, 16 + (probeOps * 8)).Clear();
        int result = Register(UringConstants.RegisterProbe, (nint)probe, probeOps);
        if (result < 0) throw new UringException("asking for the operations", -result);
        foreach (UringOp operation in operations)
        {
            ushort flags = *(ushort*)(probe + 16 + ((int)operation * 8) + 2);
            if ((flags & UringConstants.OpSupported) == 0) throw new UringException($"finding the operation {operation}", 0);
        }
    }

    /// <summary>
    /// Lets the ring submit these operations, from now on and nothing else: any other ends with EACCES, and nothing more can be registered. Whoever
    /// got hold of the ring could not open, connect or send by it what we do not.
    /// </summary>
    public void Enable(ReadOnlySpan<UringOp> operations)
    {
        Span<UringRestriction> restrictions = stackalloc UringRestriction[operations.Length + 1];
        restrictions.Clear();
        for (int i = 0; i < operations.Length; i++) restrictions[i] = new() { Kind = UringConstants.RestrictionOperation, Value = (byte)operations[i] };
        restrictions[^1] = new() { Kind = UringConstants.RestrictionFlags, Value = UringConstants.SqeBufferSelect };
        fixed (UringRestriction* first = restrictions)
        {
            int restricted = Register(UringConstants.RegisterRestrictions, (nint)first, restrictions.Length);
            if (restricted < 0) throw new UringException("restricting the ring", -restricted);
        }

        int enabled = Register(UringConstants.RegisterEnableRings, 0, 0);
        if (enabled < 0) throw new UringException("enabling the ring", -enabled);
    }

    /// <summary>Closes the ring; the kernel cancels what is still under way.</summary>
    public void Dispose()
    {
        _entries.Dispose();
        _rings.Dispose();
        _ = Libc.Close(_fd);
    }
}
