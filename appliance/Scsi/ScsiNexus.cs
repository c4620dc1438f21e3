using VSan.Scsi.Copy;

namespace VSan.Scsi;

/// <summary>
/// An I_T nexus: what one initiator port sees through one target port, with the unit attentions it is owed and the buffer bytes its
/// commands hold. Owned by the ring that serves the session.
/// </summary>
/// <param name="identity">Who is at its ends.</param>
public sealed class ScsiNexus(NexusIdentity identity)
{
    /// <summary>LUNs 0 to 255 in the peripheral device addressing method (SAM-5, 4.7.7.2).</summary>
    public const int LunsMax = 256;

    private readonly LunSlot?[] _slots = new LunSlot?[LunsMax];

    /// <summary>Every port of the target, this nexus' own among them; each is a target port group of its own.</summary>
    public IReadOnlyList<TargetPort> TargetPorts { get; private set; } = [new TargetPort(identity.RelativeTargetPort)];

    /// <summary>State of this nexus' own port.</summary>
    internal AsymmetricAccessState AccessState { get; private set; }

    /// <summary>Copies whose status may be asked for.</summary>
    internal CopyRecords Copies { get; } = new();

    internal NexusIdentity Identity { get; } = identity;

    /// <summary>Buffer bytes lent to commands of this nexus.</summary>
    internal int LeasedBytes { get; set; }

    internal ReadOnlySpan<LunSlot?> Slots => _slots;

    /// <summary>Starts to show <paramref name="unit"/> as <paramref name="lun"/>, or shows it as before when nothing changed.</summary>
    /// <returns><c>true</c> when the nexus now sees something else under that number.</returns>
    public bool Map(int lun, LogicalUnit unit, bool readOnly)
    {
        if (_slots[lun] is { } old && ReferenceEquals(old.Unit, unit) && old.ReadOnly == readOnly) return false;
        var slot = new LunSlot(unit, readOnly, Identity);
        unit.Reservations.Attach(slot);
        if (_slots[lun] is { } replaced) replaced.Unit.Reservations.Detach(replaced, isLost: !ReferenceEquals(replaced.Unit, unit));
        _slots[lun] = slot;
        return true;
    }

    /// <summary>Stops to show <paramref name="lun"/>.</summary>
    /// <returns><c>true</c> when there was something.</returns>
    public bool Unmap(int lun)
    {
        if (_slots[lun] is not { } slot) return false;
        slot.Unit.Reservations.Detach(slot, isLost: true);
        _slots[lun] = null;
        return true;
    }

    /// <summary>I_T nexus loss: the session is over. Commands that are with a volume may still end; what RESERVE gave is free.</summary>
    public void End()
    {
        for (int lun = 0; lun < LunsMax; lun++) Unmap(lun);
    }

    /// <summary>Takes the ports as they are now; a change of state of any is reported once by each logical unit (SPC-4, implicit ALUA).</summary>
    public void ShowTargetPorts(IReadOnlyList<TargetPort> ports)
    {
        bool changed = ports.Any(now => TargetPorts.Any(before => before.Identifier == now.Identifier && before.State != now.State));
        TargetPorts = ports;
        AccessState = ports.FirstOrDefault(port => port.Identifier == Identity.RelativeTargetPort)?.State ?? AsymmetricAccessState.ActiveOptimized;
        if (!changed) return;
        foreach (LunSlot? slot in _slots)
        {
            if (slot is not null) slot.AccessStatePending = true;
        }
    }

    /// <summary>The set of LUNs changed: each logical unit reports it once (SPC-4, REPORTED LUNS DATA HAS CHANGED).</summary>
    public void ReportLunsChanged()
    {
        foreach (LunSlot? slot in _slots)
        {
            if (slot is not null) slot.LunsChangedPending = true;
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
