namespace VSan.Station.Domain;

/// <summary>What an operation needs undisturbed while it is at work.</summary>
/// <param name="Path">What: see <see cref="LockPath"/>. A lock covers all that lies below its path.</param>
/// <param name="Mode">Whether others may have it too.</param>
/// <param name="ToTheEnd">Kept until the operation ends; otherwise until no step needs it any more.</param>
/// <param name="Held">The operation has it; otherwise it is asked for.</param>
/// <param name="Epoch">Counts up with every grant of a lock on the same unit; a unit refuses what was decided under an earlier one. 0: not on a unit.</param>
public sealed record OperationLock(string Path, LockMode Mode, bool ToTheEnd = false, bool Held = false, long Epoch = 0)
{
    /// <summary>A lock that others may share.</summary>
    public static OperationLock Shared(string path) => new(path, LockMode.Shared);

    /// <summary>A lock for one alone.</summary>
    public static OperationLock Exclusive(string path) => new(path, LockMode.Exclusive);

    /// <summary>One lock for each path, the stronger of two, in the order in which all operations name them.</summary>
    public static IReadOnlyList<OperationLock> Canonical(IEnumerable<OperationLock> locks) =>
    [
        .. locks.GroupBy(wanted => wanted.Path)
            .Select(same => new OperationLock(same.Key, same.Max(wanted => wanted.Mode), same.Any(wanted => wanted.ToTheEnd)))
            .OrderBy(wanted => LockPath.Rank(wanted.Path))
            .ThenBy(wanted => wanted.Path, StringComparer.Ordinal),
    ];
}

/// <summary>Whether a lock suffers others; the stronger mode is the greater one.</summary>
public enum LockMode
{
    /// <summary>Any number of operations may have it at once.</summary>
    Shared,

    /// <summary>One operation alone may have it.</summary>
    Exclusive,
}

/// <summary>
/// Names of what can be locked, from the widest to the narrowest; the pool is above all.
/// <code>
/// pool ─┬─ unit/ID ─── unit/ID/disk/NAME
///       ├─ volume/ID
///       ├─ share/ID
///       ├─ host/ID
///       └─ name/NOUN:NAME
/// </code>
/// </summary>
public static class LockPath
{
    /// <summary>Everything.</summary>
    public const string Pool = "pool";

    private const string UnitPrefix = "unit/";
    private static readonly string[] Ranks = [Pool, "unit", "volume", "share", "disk", "host", "name"];

    /// <summary>A unit with its disks.</summary>
    public static string Unit(Guid id) => $"{UnitPrefix}{id:N}";

    /// <summary>One disk of a unit.</summary>
    public static string Disk(Guid unitId, string disk) => $"{Unit(unitId)}/disk/{disk}";

    /// <summary>A volume with its legs and snapshots.</summary>
    public static string Volume(Guid id) => $"volume/{id:N}";

    /// <summary>A share with its bindings.</summary>
    public static string Share(Guid id) => $"share/{id:N}";

    /// <summary>A host with its mappings.</summary>
    public static string Host(Guid id) => $"host/{id:N}";

    /// <summary>A name that is being given.</summary>
    public static string Name(string noun, string name) => $"name/{noun}:{name}";

    /// <summary>The unit that a path lies on, or null.</summary>
    public static Guid? UnitOf(string path) =>
        path.StartsWith(UnitPrefix, StringComparison.Ordinal) && Guid.TryParseExact(path.Split('/')[1], "N", out Guid id) ? id : null;

    /// <summary>The path itself and all that it lies in, the narrowest first.</summary>
    public static IEnumerable<string> Enclosing(string path)
    {
        string[] parts = path.Split('/');
        for (int length = parts.Length; length >= 2; length -= 2) yield return string.Join('/', parts.Take(length));
        yield return Pool;
    }

    internal static int Rank(string path)
    {
        string[] parts = path.Split('/');
        return Array.IndexOf(Ranks, parts.Length > 2 ? parts[2] : parts[0]);
    }
}
