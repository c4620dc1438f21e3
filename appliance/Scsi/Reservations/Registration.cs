namespace VSan.Scsi.Reservations;

/// <summary>One registrant and its key (SPC-4, 5.12.7).</summary>
/// <param name="Nexus">Who registered, or was named by SPEC_I_PT.</param>
/// <param name="Key">Reservation key; never 0.</param>
/// <param name="AllTargetPorts">ALL_TG_PT: the initiator port is registered through every port of the target, as one registration.</param>
internal sealed record Registration(NexusIdentity Nexus, ulong Key, bool AllTargetPorts)
{
    /// <summary>True when <paramref name="nexus"/> is registered by this.</summary>
    public bool Covers(NexusIdentity nexus) =>
        Nexus == nexus || (AllTargetPorts && Nexus with { RelativeTargetPort = nexus.RelativeTargetPort } == nexus);
}
