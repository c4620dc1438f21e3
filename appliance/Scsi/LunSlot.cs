namespace VSan.Scsi;

/// <summary>A logical unit as one nexus sees it, and what that nexus has not been told yet.</summary>
internal sealed class LunSlot(LogicalUnit unit, bool readOnly)
{
    private int _resetsSeen = unit.Resets;
    private ulong _blocksSeen = unit.Volume.Geometry.Blocks.Value;

    public LogicalUnit Unit { get; } = unit;

    public bool ReadOnly { get; } = readOnly;

    /// <summary>SAM-5, 5.14: a nexus that is new finds a power-on condition.</summary>
    public bool PowerOnPending { get; set; } = true;

    public bool LunsChangedPending { get; set; }

    /// <summary>Commands of this nexus ended without a status, by another's CLEAR TASK SET.</summary>
    public bool CommandsClearedPending { get; set; }

    public bool HasAttention =>
        PowerOnPending || CommandsClearedPending || LunsChangedPending || _resetsSeen != Unit.Resets || _blocksSeen != Unit.Volume.Geometry.Blocks.Value;

    /// <summary>Takes the condition that is reported first (SPC-5, 4.4.7: resets before changes), and forgets it.</summary>
    public Sense TakeAttention()
    {
        int resets = Unit.Resets;
        if (_resetsSeen != resets)
        {
            _resetsSeen = resets;
            PowerOnPending = CommandsClearedPending = false;
            return Sense.ResetOccurred;
        }

        if (PowerOnPending)
        {
            PowerOnPending = false;
            return Sense.PowerOn;
        }

        if (CommandsClearedPending)
        {
            CommandsClearedPending = false;
            return Sense.CommandsCleared;
        }

        if (LunsChangedPending)
        {
            LunsChangedPending = false;
            return Sense.LunsChanged;
        }

        ulong blocks = Unit.Volume.Geometry.Blocks.Value;
        if (_blocksSeen == blocks) return Sense.None;
        _blocksSeen = blocks;
        return Sense.CapacityChanged;
    }
}
