using System.Diagnostics.CodeAnalysis;
using VSan.Contracts.UnitLink;
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
internal sealed partial class LegFiles(Guid unitId, IStoreSet stores, IFiles files)
{
    /// <summary>Makes sure that a leg can be served.</summary>
    /// <param name="leg">The leg.</param>
    /// <param name="record">What is to be written beside it; null leaves what is there.</param>
    /// <param name="imagePath">Its file, when it can be served.</param>
    /// <param name="condition">Why it cannot.</param>
    public bool TryEnsure(LegSpec leg, SignedLegRecord? record, [NotNullWhen(true)] out string? imagePath, [NotNullWhen(false)] out UnitCondition? condition)
    {
        imagePath = null;
        if (stores.Find(leg.StoreId) is not { } store)
        {
            condition = new("leg-missing", $"Leg {leg.LegId} of volume {leg.VolumeName} lies on store {leg.StoreId}, which this unit does not have now. Mount it where it was, or start the unit with its --store.") { LegId = leg.LegId };
            return false;
        }

        try
        {
            condition = Ensure(store, leg, record);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or UnitFailure)
        {
            condition = new("apply-failed", $"Leg {leg.LegId} of volume {leg.VolumeName}: {failure.Message}");
        }

        condition = condition is null ? null : condition with { LegId = leg.LegId };
        if (condition is null) imagePath = store.ImagePath(leg.LegId);
        return condition is null;
    }

    /// <summary>
    /// Makes a leg that is there as large as it is to be. It is served on at its old size when that fails: hosts need its bytes.
    /// </summary>
    /// <param name="leg">The leg.</param>
    /// <param name="record">What is to be written beside it; null leaves what is there.</param>
    /// <param name="condition">Why it could not grow; null when it has its size.</param>
    /// <returns>The leg with the size that it can be served with.</returns>
    public LegSpec Grow(LegSpec leg, SignedLegRecord? record, out UnitCondition? condition)
    {
        condition = null;
        if (stores.Find(leg.StoreId) is not { } store) return leg;
        long sizeBytes = leg.SizeBytes;
        try
        {
            if (DurableFile.Read(files, store.DescriptionPath(leg.LegId), StateJson.Default.LegDescription) is not { } description || leg.SizeBytes <= description.Leg.SizeBytes) return leg;
            sizeBytes = description.Leg.SizeBytes;
            Grow(store, leg, record ?? description.Record);
            return leg;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or UnitFailure)
        {
            condition = new("expand-failed", $"Leg {leg.LegId} of volume {leg.VolumeName} could not be made larger: {failure.Message} It is served with {sizeBytes} bytes, and it is tried again.") { LegId = leg.LegId };
            return leg with { SizeBytes = sizeBytes };
        }
    }

    /// <summary>
    /// Writes what the station says of a leg by now beside it. A leg is served on when that fails: hosts need its bytes, and the record that
    /// is there tells of it still.
    /// </summary>
    /// <returns>Why it could not be written; null when it is there.</returns>
    public UnitCondition? Redescribe(LegSpec leg, SignedLegRecord? record)
    {
        if (record is null || stores.Find(leg.StoreId) is not { } store) return null;
        try
        {
            LegDescription? description = DurableFile.Read(files, store.DescriptionPath(leg.LegId), StateJson.Default.LegDescription);
            if (description is not null && description.Record?.Text != record.Text) Describe(store, description with { Record = record });
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or UnitFailure)
        {
            return new("record-unwritten", $"What leg {leg.LegId} of volume {leg.VolumeName} is could not be written beside it: {failure.Message} It is served, and it is tried again.");
        }
    }

    /// <summary>Deletes a leg that this unit created; any other file of that name stays.</summary>
    /// <returns>False when it has to be tried again: the store is not here now.</returns>
    public bool TryRemove(Guid storeId, Guid legId)
    {
        if (stores.Find(storeId) is not { } store) return false;
        if (!IsOurs(DurableFile.Read(files, store.DescriptionPath(legId), StateJson.Default.LegDescription), legId)) return true;
        // The bytes go first: a description without a file is seen here again, a file without a description never.
        DurableFile.Delete(files, store.ImagePath(legId));
        DurableFile.Delete(files, AsidePath(store, legId));
        DurableFile.Delete(files, MarkPath(store, legId));
        DurableFile.Delete(files, store.DescriptionPath(legId));
        return true;
    }

    /// <summary>Files that look like legs and that no document ever named.</summary>
    public IEnumerable<UnitCondition> Orphans(IReadOnlySet<Guid> named) =>
        from store in stores.All
        from legId in store.TryInspect()?.LegIds ?? []
        where !named.Contains(legId)
        select new UnitCondition("leg-orphan", $"{store.ImagePath(legId)} belongs to no volume of this unit. It is left alone: move it away or delete it by hand.");

    private UnitCondition? Ensure(IStore store, LegSpec leg, SignedLegRecord? record)
    {
        string image = store.ImagePath(leg.LegId);
        LegDescription? description = DurableFile.Read(files, store.DescriptionPath(leg.LegId), StateJson.Default.LegDescription);
        if (description is null && files.Exists(image))
            return new("leg-orphan", $"{image} has no description, so it is not served. Restore {leg.LegId}.json beside it, or move the file away.");
        if (description is not null && !IsOurs(description, leg.LegId))
            return new("leg-orphan", $"{image} is described as another unit's or another leg. It is not served; move both files away.");
        if (description is { State: LegState.Copying })
            return new("leg-missing", $"{image} was being copied from another unit and is not whole. It is not served; its move has to be ended first.");
        if (description is not { State: LegState.Created })
            return Create(store, leg, record, image);
        if (!files.Exists(image))
            return new("leg-missing", $"{image} held volume {leg.VolumeName} and is gone. Restore it from a copy; it is never made anew empty.");
        long length = files.LengthBytes(image);
        if (length < description.Leg.SizeBytes)
            return new("apply-failed", $"{image} has {length} bytes, fewer than {description.Leg.SizeBytes}. It is not served; restore the file.");
        return null;
    }

    // The file first, so that a description never promises more than its file has. A thick leg's space is taken by the block server.
    private void Grow(IStore store, LegSpec leg, SignedLegRecord? record)
    {
        string image = store.ImagePath(leg.LegId);
        if (files.LengthBytes(image) < leg.SizeBytes)
        {
            files.Extend(image, leg.SizeBytes);
            if (!Sabotage.SkipsGrowthFlush) files.Flush(image);
        }

        Describe(store, new LegDescription(LegState.Created, unitId, leg) { Record = record });
    }

    private UnitCondition? Create(IStore store, LegSpec leg, SignedLegRecord? record, string image)
    {
        long free = store.Inspect().FreeBytes;
        if (!leg.Thin && leg.SizeBytes > free && !files.Exists(image))
            return new("store-full", $"Volume {leg.VolumeName} needs {leg.SizeBytes} bytes, store {store.Id} has {free}. Free some space or move a leg away.");
        LegDescription created = new(LegState.Created, unitId, leg) { Record = record };
        Describe(store, created with { State = LegState.Creating });
        // There already when the power failed between the next two lines: whole, because it got its name last, and never served.
        if (!files.Exists(image)) Allocate(store, leg, image);
        Describe(store, created);
        return null;
    }

    private void Allocate(IStore store, LegSpec leg, string image)
    {
        string aside = AsidePath(store, leg.LegId);
        files.Delete(aside);
        files.Allocate(aside, leg.SizeBytes, thick: !leg.Thin, origin: leg.OriginId is { } originId ? RequireOrigin(store, originId) : null);
        files.Flush(aside);
        files.Move(aside, image);
        files.FlushDirectory(Path.GetDirectoryName(image)!);
    }

    // The origin is a snapshot, which nobody writes to: its blocks are shared as they lie.
    private string RequireOrigin(IStore store, Guid originId)
    {
        string origin = store.ImagePath(originId);
        LegDescription? description = DurableFile.Read(files, store.DescriptionPath(originId), StateJson.Default.LegDescription);
        return IsOurs(description, originId) && description is { State: LegState.Created, Snapshot: not null } && files.Exists(origin)
            ? origin
            : throw new IOException($"{origin}, which it is to begin with, is no snapshot of this unit.");
    }

    private void Describe(IStore store, LegDescription description)
    {
        if (Sabotage.DescribesNothing) description = description with { Leg = description.Leg with { VolumeName = string.Empty } };
        DurableFile.Write(files, store.DescriptionPath(description.Leg.LegId), description, StateJson.Default.LegDescription);
    }

    private bool IsOurs(LegDescription? description, Guid legId) => description?.UnitId == unitId && description.Leg.LegId == legId;

    private static string AsidePath(IStore store, Guid legId) => store.ImagePath(legId) + ".new";
}
