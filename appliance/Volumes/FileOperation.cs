using VSan.Block;
using VSan.Interop;
using VSan.Interop.Uring;
using VSan.Reactor;

namespace VSan.Volumes;

/// <summary>
/// One request to a file while it is under way: the same object for each of its submissions, one at a time. Ring thread.
/// </summary>
/// <remarks>
/// <code>
///  Read, Write:   Transfer (again for the rest, when it was short)
///  Flush:         Sync
///  WriteZeroes:   Head ► Middle (zero range, else punch hole) ► Tail; with FUA ► Sync
///  Unmap:         Head ► Middle (punch hole, else zero range) ► Tail ► Sync, as its zeroes are to outlive a power loss
///  Head, Tail:    zeroes written to the parts of filesystem blocks at the edges; empty when the range is aligned. All of a range is Head on a
///                 thick file, which may let go of no block.
/// </code>
/// </remarks>
internal sealed unsafe class FileOperation(VolumeRing ring) : IRingOperation, ISlotWaiter
{
    // Zeroes to write from: a mapping that is never written to, so that it takes no memory.
    private const int ZeroBytes = 256 * 1024;
    private static readonly MemoryMapping Zeroes = MemoryMapping.Anonymous(ZeroBytes);

    private StoredVolume _volume = null!;
    private BlockRequest _request = null!;
    private FilePhase _phase;
    private long _offset;
    private long _end;
    private long _middleStart;
    private long _middleEnd;
    private nint _address;
    private int _middleMode;
    private bool _triedOtherMode;

    /// <summary>Begins a request; it ends in <see cref="StoredVolume.End"/>.</summary>
    internal void Start(BlockRequest request, StoredVolume volume)
    {
        _request = request;
        _volume = volume;
        long blockBytes = volume.Geometry.BlockSizeBytes;
        _offset = (long)request.Lba.Value * blockBytes;
        _end = _offset + ((long)request.Count.Value * blockBytes);
        bool durable = request.Operation is BlockOperation.Flush or BlockOperation.Unmap || (request.Operation is BlockOperation.Write or BlockOperation.WriteZeroes && request.ForceUnitAccess);
        if (durable && volume.IsSuspect)
        {
            End(BlockStatus.HardwareError, Errno.Io);
            return;
        }

        if (Sabotage.SkipsFlush && request.Operation is BlockOperation.Flush)
        {
            End(BlockStatus.Success, 0);
            return;
        }

        switch (request.Operation)
        {
            case BlockOperation.Read:
            case BlockOperation.Write:
                _phase = FilePhase.Transfer;
                _address = request.Buffer.Address + request.BufferOffset;
                break;
            case BlockOperation.Flush:
                _phase = FilePhase.Sync;
                break;
            case BlockOperation.Unmap:
                StartZeroing(volume.Geometry.Thin ? FileConstants.FallocatePunchHole : FileConstants.FallocateZeroRange);
                break;
            case BlockOperation.WriteZeroes:
                StartZeroing(FileConstants.FallocateZeroRange);
                break;
        }

        Submit();
    }

    public void OnCompletion(int result, uint flags)
    {
        if (result is -Errno.Interrupted or -Errno.Again)
        {
            Submit();
            return;
        }

        if (result < 0) OnError(-result);
        else OnProgress(result);
    }

    private void StartZeroing(int middleMode)
    {
        (_middleMode, _triedOtherMode) = (middleMode | FileConstants.FallocateKeepSize, false);
        long unit = _volume.ZeroingUnitBytes;
        _middleStart = (_offset + unit - 1) & -unit;
        _middleEnd = _end & -unit;
        if (_middleStart >= _middleEnd || _volume.WritesZeroes) _middleStart = _middleEnd = _end;
        _phase = FilePhase.Head;
        SkipEmptyPhases();
    }

    private void OnProgress(int result)
    {
        switch (_phase)
        {
            case FilePhase.Transfer:
                if (result == 0)
                {
                    // Nothing is left of the file where the volume still goes on: somebody cut it.
                    End(BlockStatus.MediumError, 0);
                    return;
                }

                _offset += result;
                _address += result;
                if (_offset < _end) Submit();
                else End(BlockStatus.Success, 0);
                return;
            case FilePhase.Head:
            case FilePhase.Tail:
                _offset += result;
                break;
            case FilePhase.Middle:
                _offset = _middleEnd;
                break;
            case FilePhase.Sync:
                End(BlockStatus.Success, 0);
                return;
        }

        SkipEmptyPhases();
        if (_phase is FilePhase.Sync && (Sabotage.SkipsFlush || !EndsDurable)) End(BlockStatus.Success, 0);
        else Submit();
    }

    private bool EndsDurable => _request.Operation is BlockOperation.Unmap || _request.ForceUnitAccess;

    // Where the range has no such part, its phase is over before it begins.
    private void SkipEmptyPhases()
    {
        if (_phase is FilePhase.Head && _offset >= _middleStart) _phase = FilePhase.Middle;
        if (_phase is FilePhase.Middle && _offset >= _middleEnd) _phase = FilePhase.Tail;
        if (_phase is FilePhase.Tail && _offset >= _end) _phase = FilePhase.Sync;
    }

    private void OnError(int errno)
    {
        if (_phase is FilePhase.Middle && errno is Errno.NotSupported && TryNextMiddle()) return;
        bool isFull = errno is Errno.NoSpace or Errno.Quota;
        bool wasDurable = _phase is FilePhase.Sync || (_phase is FilePhase.Transfer && _request.ForceUnitAccess && !isFull);
        if (wasDurable) _volume.MarkSuspect();
        if (Sabotage.AcknowledgesOnFullStore && isFull)
        {
            End(BlockStatus.Success, 0);
            return;
        }

        End(errno switch
        {
            _ when isFull => BlockStatus.NoSpace,
            Errno.Io when _request.Operation is BlockOperation.Read => BlockStatus.MediumError,
            Errno.NoData or Errno.IllegalSequence => BlockStatus.MediumError,
            _ => BlockStatus.HardwareError,
        }, errno);
    }

    // The other of zero range and hole, else zeroes written one by one: not every filesystem or device has each.
    private bool TryNextMiddle()
    {
        if (!_triedOtherMode)
        {
            _triedOtherMode = true;
            _middleMode ^= FileConstants.FallocateZeroRange | FileConstants.FallocatePunchHole;
        }
        else
        {
            _middleStart = _middleEnd = _end;
            _phase = FilePhase.Head;
        }

        Submit();
        return true;
    }

    public void OnSlotFree()
    {
        UringSqe* entry = ring.TryPrepare(this);
        if (entry is null) ring.WaitForSlot(this);
        else Fill(entry);
    }

    // Behind those who wait for a slot already, even when one is free: it is theirs.
    private void Submit()
    {
        if (ring.HasSlotWaiters) ring.WaitForSlot(this);
        else OnSlotFree();
    }

    private void Fill(UringSqe* entry)
    {
        switch (_phase)
        {
            case FilePhase.Transfer:
                FillTransfer(entry, _address, _end - _offset, _request.Operation is BlockOperation.Read, _request.ForceUnitAccess);
                break;
            case FilePhase.Head:
                FillTransfer(entry, Zeroes.Address, Math.Min(_middleStart - _offset, ZeroBytes), isRead: false, durable: false);
                break;
            case FilePhase.Tail:
                FillTransfer(entry, Zeroes.Address, Math.Min(_end - _offset, ZeroBytes), isRead: false, durable: false);
                break;
            case FilePhase.Middle:
                entry->Opcode = UringOp.Fallocate;
                entry->Fd = _volume.Descriptor;
                entry->Length = (uint)_middleMode;
                entry->Offset = (ulong)_offset;
                entry->Address = (ulong)(_middleEnd - _offset);
                break;
            case FilePhase.Sync:
                entry->Opcode = UringOp.Fsync;
                entry->Fd = _volume.Descriptor;
                entry->FsyncFlags = UringConstants.FsyncDataSync;
                break;
        }
    }

    private void FillTransfer(UringSqe* entry, nint address, long lengthBytes, bool isRead, bool durable)
    {
        bool isFixed = ring.IsRegistered(address, lengthBytes);
        entry->Opcode = (isRead, isFixed) switch
        {
            (true, true) => UringOp.ReadFixed,
            (true, false) => UringOp.Read,
            (false, true) => UringOp.WriteFixed,
            (false, false) => UringOp.Write,
        };
        entry->Fd = _volume.DescriptorFor(address, _offset, lengthBytes);
        entry->Offset = (ulong)_offset;
        entry->Address = (ulong)address;
        entry->Length = (uint)lengthBytes;
        entry->ReadWriteFlags = !isRead && durable && !Sabotage.SkipsFlush ? FileConstants.WriteDataSync : 0;
    }

    // The operation goes back before the request ends, as its owner may submit the next one from inside.
    private void End(BlockStatus status, int errno)
    {
        (StoredVolume volume, BlockRequest request) = (_volume, _request);
        ring.Return(this);
        volume.End(request, status, errno);
    }
}
