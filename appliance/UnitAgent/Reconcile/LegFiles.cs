using System.Diagnostics.CodeAnalysis;
using VSan.Contracts.UnitLink;
using VSan.Interop;
using VSan.UnitAgent.Inventory;
using VSan.UnitAgent.State;

namespace VSan.UnitAgent.Reconcile;

/// <summary>
/// Creates and deletes leg files. Each step may be cut off by a power failure and begun again.
/// <code>
///   no description ──► creating ──► LEG.img.new, sized, flushed ──► LEG.img ──► created ──► served
///   created, no LEG.img ──► leg-missing: an empty file would pass for the host's lost bytes
///   LEG.img, no description ──► leg-orphan: not ours to serve or to delete
/// </code>
/// </summary>
internal sealed class LegFiles(Guid unitId, StoreSet stores)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes sure that a leg can be served.</summary>
    /// <param name="leg">The leg.</param>
    /// <param name="imagePath">Its file, when it can be served.</param>
    /// <param name="condition">Why it cannot.</param>
    public bool TryEnsure(LegSpec leg, [NotNullWhen(true)] out string? imagePath, [NotNullWhen(false)] out UnitCondition? condition)
    {
        imagePath = null;
        if (stores.Find(leg.StoreId) is not { } store)
        {
            condition = new("leg-missing", $"Leg {leg.LegId} of volume {leg.VolumeName} lies on store {leg.StoreId}, which this unit does not have now. Mount it where it was, or start the unit with its --store.") { LegId = leg.LegId };
            return false;
        }

        try
        {
            condition = Ensure(store, leg);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or UnitFailure)
        {
            condition = new("apply-failed", $"Leg {leg.LegId} of volume {leg.VolumeName}: {failure.Message}");
        }

        condition = condition is null ? null : condition with { LegId = leg.LegId };
        if (condition is null) imagePath = store.ImagePath(leg.LegId);
        return condition is null;
    }

    /// <summary>Deletes a leg that this unit created; any other file of that name stays.</summary>
    /// <returns>False when it has to be tried again: the store is not here now.</returns>
    public bool TryRemove(Guid storeId, Guid legId)
    {
        if (stores.Find(storeId) is not { } store) return false;
        if (!IsOurs(DurableFile.Read(store.DescriptionPath(legId), StateJson.Default.LegDescription), legId)) return true;
        // The bytes go first: a description without a file is seen here again, a file without a description never.
        DurableFile.Delete(store.ImagePath(legId));
        DurableFile.Delete(AsidePath(store, legId));
        DurableFile.Delete(store.DescriptionPath(legId));
        return true;
    }

    /// <summary>Files that look like legs and that no document ever named.</summary>
    public IEnumerable<UnitCondition> Orphans(IReadOnlySet<Guid> named) =>
        from store in stores.All
        from legId in store.TryInspect()?.LegIds ?? []
        where !named.Contains(legId)
        select new UnitCondition("leg-orphan", $"{store.ImagePath(legId)} belongs to no volume of this unit. It is left alone: move it away or delete it by hand.");

    private UnitCondition? Ensure(Store store, LegSpec leg)
    {
        string image = store.ImagePath(leg.LegId);
        LegDescription? description = DurableFile.Read(store.DescriptionPath(leg.LegId), StateJson.Default.LegDescription);
        if (description is null && File.Exists(image))
            return new("leg-orphan", $"{image} has no description, so it is not served. Restore {leg.LegId}.json beside it, or move the file away.");
        if (description is not null && !IsOurs(description, leg.LegId))
            return new("leg-orphan", $"{image} is described as another unit's or another leg. It is not served; move both files away.");
        if (description is not { State: LegState.Created })
            return Create(store, leg, image);
        if (!File.Exists(image))
            return new("leg-missing", $"{image} held volume {leg.VolumeName} and is gone. Restore it from a copy; it is never made anew empty.");
        long length = new FileInfo(image).Length;
        return length >= leg.SizeBytes
            ? null
            : new("apply-failed", $"{image} has {length} bytes, fewer than {leg.SizeBytes}. It is not served; restore the file.");
    }

    private UnitCondition? Create(Store store, LegSpec leg, string image)
    {
        long free = store.Inspect().FreeBytes;
        if (!leg.Thin && leg.SizeBytes > free && !File.Exists(image))
            return new("store-full", $"Volume {leg.VolumeName} needs {leg.SizeBytes} bytes, store {store.Id} has {free}. Free some space or move a leg away.");
        Describe(store, leg, LegState.Creating);
        // There already when the power failed between the next two lines: whole, because it got its name last, and never served.
        if (!File.Exists(image)) Allocate(store, leg, image);
        Describe(store, leg, LegState.Created);
        return null;
    }

    private void Allocate(Store store, LegSpec leg, string image)
    {
        string aside = AsidePath(store, leg.LegId);
        File.Delete(aside);
        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            UnixCreateMode = OwnerOnly,
            PreallocationSize = leg.Thin ? 0 : leg.SizeBytes,
        };
        using (FileStream file = new(aside, options))
        {
            if (leg.OriginId is { } originId) Share(store, originId, file);
            if (file.Length < leg.SizeBytes) file.SetLength(leg.SizeBytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(aside, image);
        FileSystem.FlushDirectory(Path.GetDirectoryName(image)!);
    }

    // The origin is a snapshot, which nobody writes to: its blocks are shared as they lie.
    private void Share(Store store, Guid originId, FileStream file)
    {
        string origin = store.ImagePath(originId);
        LegDescription? description = DurableFile.Read(store.DescriptionPath(originId), StateJson.Default.LegDescription);
        if (!IsOurs(description, originId) || description is not { State: LegState.Created, Snapshot: not null } || !File.Exists(origin))
            throw new IOException($"{origin}, which it is to begin with, is no snapshot of this unit.");
        using FileStream source = File.OpenRead(origin);
        if (!FileSystem.TryClone(source.SafeFileHandle, file.SafeFileHandle))
            throw new IOException($"store {store.Id} lies on a file system that cannot share blocks. Make stores on XFS with reflink.");
    }

    private void Describe(Store store, LegSpec leg, LegState state) =>
        DurableFile.Write(store.DescriptionPath(leg.LegId), new LegDescription(state, unitId, leg), StateJson.Default.LegDescription);

    private bool IsOurs(LegDescription? description, Guid legId) => description?.UnitId == unitId && description.Leg.LegId == legId;

    private static string AsidePath(Store store, Guid legId) => store.ImagePath(legId) + ".new";
}
