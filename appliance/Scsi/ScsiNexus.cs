namespace VSan.Scsi;

/// <summary>
/// An I_T nexus: what one initiator port sees through one target port, with the unit attentions it is owed and the buffer bytes its
/// commands hold. Owned by the ring that serves the session.
/// </summary>
public sealed class ScsiNexus
{
    /// <summary>LUNs 0 to 255 in the peripheral device addressing method (SAM-5, 4.7.7.2).</summary>
    public const int LunsMax = 256;

    private readonly LunSlot?[] _slots = new LunSlot?[LunsMax];

    /// <summary>Buffer bytes lent to commands of this nexus.</summary>
    internal int LeasedBytes { get; set; }

    internal ReadOnlySpan<LunSlot?> Slots => _slots;

    /// <summary>Starts to show <paramref name="unit"/> as <paramref name="lun"/>, or shows it as before when nothing changed.</summary>
    /// <returns><c>true</c> when the nexus now sees something else under that number.</returns>
    public bool Map(int lun, LogicalUnit unit, bool readOnly)
    {
        if (_slots[lun] is { } old && ReferenceEquals(old.Unit, unit) && old.ReadOnly == readOnly) return false;
        _slots[lun] = new LunSlot(unit, readOnly);
        return true;
    }

    /// <summary>Stops to show <paramref name="lun"/>.</summary>
    /// <returns><c>true</c> when there was something.</returns>
    public bool Unmap(int lun)
    {
        bool was = _slots[lun] is not null;
        _slots[lun] = null;
        return was;
    }

    /// <summary>The set of LUNs changed: each logical unit reports it once (SPC-5, REPORTED LUNS DATA HAS CHANGED).</summary>
    public void ReportLunsChanged()
    {
        foreach (LunSlot? slot in _slots)
        {
            if (slot is not null) slot.LunsChangedPending = true;
        }
    }

    /// <summary>Another nexus ended commands of this one on <paramref name="unit"/> (COMMANDS CLEARED BY ANOTHER INITIATOR).</summary>
    public void ReportCommandsCleared(LogicalUnit unit)
    {
        foreach (LunSlot? slot in _slots)
        {
            if (ReferenceEquals(slot?.Unit, unit)) slot!.CommandsClearedPending = true;
        }
    }

    /// <summary>The logical unit under a LUN field, or null.</summary>
    public LogicalUnit? Find(ulong lun) => Slot(lun)?.Unit;

    internal LunSlot? Slot(ulong lun) => TryLunNumber(lun, out int number) ? _slots[number] : null;

    /// <summary>The nexus has been told by REPORT LUNS.</summary>
    internal void ClearLunsChanged()
    {
        foreach (LunSlot? slot in _slots)
        {
            if (slot is not null) slot.LunsChangedPending = false;
        }
    }

    /// <summary>Single level LUN, peripheral device or flat space addressing (SAM-5, 4.7.7).</summary>
    private static bool TryLunNumber(ulong lun, out int number)
    {
        number = (int)(lun >> 48) & 0x3FFF;
        return (lun & 0x0000_FFFF_FFFF_FFFF) == 0 && lun >> 63 == 0 && number < LunsMax;
    }
}
