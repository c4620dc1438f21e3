namespace VSan.Iscsi;

/// <summary>Which sessions are meant: those of a target, those with a connection that came in by a portal, those of both, or all.</summary>
/// <param name="TargetName">iSCSI name; null for any, and for discovery sessions.</param>
/// <param name="PortalAddress"><c>address:port</c> as it was dialled; null for any.</param>
public sealed record SessionSelection(string? TargetName = null, string? PortalAddress = null)
{
    /// <summary>Every session.</summary>
    public static SessionSelection All { get; } = new();

    internal bool Includes(IscsiTarget? target, TargetPortal portal) =>
        (TargetName is null || TargetName == target?.Name) && (PortalAddress is null || PortalAddress == portal.Address);
}
