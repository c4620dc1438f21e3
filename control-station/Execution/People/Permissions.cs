namespace VSan.Station.Execution;

/// <summary>What each role may do.</summary>
internal static class Permissions
{
    private static readonly Dictionary<string, CallerRole> Needed = new(StringComparer.Ordinal)
    {
        ["unit.approve"] = CallerRole.Administrator,
        ["unit.forget"] = CallerRole.Administrator,
        ["unit.retire"] = CallerRole.Administrator,
        ["unit.discard"] = CallerRole.Administrator,
        ["unit.label"] = CallerRole.Administrator,
        ["unit.cordon"] = CallerRole.Operator,
        ["unit.uncordon"] = CallerRole.Operator,
        ["unit.drain"] = CallerRole.Operator,
        ["pool.thaw"] = CallerRole.Administrator,
        ["token.create"] = CallerRole.Administrator,
        ["token.delete"] = CallerRole.Administrator,
        ["token.list"] = CallerRole.Administrator,
        ["host.create"] = CallerRole.Operator,
        ["host.delete"] = CallerRole.Operator,
        ["volume.create"] = CallerRole.Operator,
        ["volume.delete"] = CallerRole.Operator,
        ["mapping.create"] = CallerRole.Operator,
        ["mapping.delete"] = CallerRole.Operator,
        ["mapping.connect-info"] = CallerRole.Operator,
        ["operation.cancel"] = CallerRole.Operator,
    };

    /// <summary>True when <paramref name="caller"/> may do <paramref name="action"/>. Looking needs no entry; an unknown action is a mistake of ours.</summary>
    public static bool Allow(Caller caller, string action) => caller.Role >= Needed[action];
}
