namespace VSan.Iscsi;

/// <summary>A network portal, and the portal group that it belongs to (RFC 7143, 4.1, 4.2.7).</summary>
/// <param name="Address"><c>address:port</c>; IPv6 in brackets.</param>
/// <param name="GroupTag">Target portal group tag; the connections of one session come in by one group.</param>
public sealed record TargetPortal(string Address, ushort GroupTag)
{
    /// <summary>The group of a portal that names none.</summary>
    public const ushort GroupTagDefault = 1;

    /// <summary>As SendTargets tells it: <c>address:port,tag</c>.</summary>
    public override string ToString() => $"{Address},{GroupTag}";
}
