namespace VSan.Station.Execution;

/// <summary>All kinds of service: the one place where a new kind is entered.</summary>
internal static class ServiceKinds
{
    /// <summary>Blocks over iSCSI.</summary>
    public static ServiceKind Block { get; } = new StorageBlock();

    /// <summary>Files over WebDAV.</summary>
    public static ServiceKind File { get; } = new StorageFile();

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ServiceKind> All { get; } = [Block, File];

    /// <summary>What lies on a unit, or on one of its stores, for a person: <c>2 volumes and 1 shares</c>; null when nothing does.</summary>
    public static string? HoldingsOf(IStationTransaction transaction, Guid unitId, Guid? storeId = null)
    {
        string[] held = [.. All.Select(kind => (kind.Collection, Count: kind.CountOn(transaction, unitId, storeId))).Where(one => one.Count > 0).Select(one => $"{one.Count} {one.Collection}")];
        return held.Length == 0 ? null : string.Join(" and ", held);
    }
}
