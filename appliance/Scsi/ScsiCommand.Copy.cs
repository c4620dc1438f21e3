using VSan.Block;
using VSan.Scsi.Copy;

namespace VSan.Scsi;

/// <summary>What a copy needs beyond the command's own logical unit.</summary>
public sealed partial class ScsiCommand
{
    /// <summary>The copy that this command makes, while it makes one.</summary>
    internal CopyJob? Copy { get; set; }

    /// <summary>True when the command is addressed to <paramref name="unit"/>, or copies from or to it.</summary>
    public bool Concerns(LogicalUnit unit) => ReferenceEquals(Unit, unit) || Copy?.Concerns(unit) == true;

    /// <summary>Gives another logical unit's volume one request; a write passes that unit's gate.</summary>
    internal void SubmitTo(LogicalUnit unit, BlockOperation operation, Lba lba, BlockCount count, bool forceUnitAccess, int bufferOffset)
    {
        _target = unit;
        Submit(operation, lba, count, forceUnitAccess, bufferOffset, mustPassGate: operation != BlockOperation.Read);
    }

    /// <summary>The step that passed the gate is done, the command is not.</summary>
    internal void LeaveGate()
    {
        WriteAccess left = _access;
        _access = WriteAccess.None;
        _target!.Gate.Leave(this, left);
    }
}
