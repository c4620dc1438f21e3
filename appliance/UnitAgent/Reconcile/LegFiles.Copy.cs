using VSan.Contracts.UnitLink;
using VSan.UnitAgent.Inventory;
using VSan.UnitAgent.State;

namespace VSan.UnitAgent.Reconcile;

/// <summary>
/// Files of a leg that is copied from another unit.
/// <code>
///   no description ──► copying, LEG.img.new, LEG.img.mark (how far) ──► compared and flushed ──► LEG.img ──► created
/// </code>
/// </summary>
internal sealed partial class LegFiles
{
    /// <summary>The digest of a copy that is whole; null while it is not.</summary>
    public string? DigestOf(LegSpec leg) => Described(RequireStore(leg), leg) is { State: LegState.Created, CopyDigest: { } digest } ? digest : null;

    /// <summary>Makes sure that there is a file to copy into.</summary>
    /// <returns>The file, and how many bytes from its start on are copied already.</returns>
    /// <exception cref="IOException">Something else lies there, or there is no room.</exception>
    public (string Path, long DoneBytes) BeginCopy(LegSpec leg)
    {
        IStore store = RequireStore(leg);
        string aside = AsidePath(store, leg.LegId);
        LegDescription? description = Described(store, leg);
        if (description is { State: not LegState.Copying } || files.Exists(store.ImagePath(leg.LegId)))
            throw new IOException($"{store.ImagePath(leg.LegId)} is there already and is not a copy. Move it away.");
        if (description is not null && files.Exists(aside) && files.LengthBytes(aside) == leg.SizeBytes)
            return (aside, Math.Clamp(DurableFile.Read(files, MarkPath(store, leg.LegId), StateJson.Default.CopyMark)?.DoneBytes ?? 0, 0, leg.SizeBytes));
        long free = store.Inspect().FreeBytes;
        if (!leg.Thin && leg.SizeBytes > free) throw new IOException($"Volume {leg.VolumeName} needs {leg.SizeBytes} bytes, store {store.Id} has {free}.");
        Describe(store, new LegDescription(LegState.Copying, unitId, leg));
        Mark(leg, 0);
        files.Delete(aside);
        files.Allocate(aside, leg.SizeBytes, thick: !leg.Thin, origin: null);
        files.Flush(aside);
        return (aside, 0);
    }

    /// <summary>So many bytes are copied and flushed.</summary>
    public void Mark(LegSpec leg, long doneBytes) =>
        DurableFile.Write(files, MarkPath(RequireStore(leg), leg.LegId), new CopyMark(doneBytes), StateJson.Default.CopyMark);

    /// <summary>The copy is whole, compared and flushed: from here on it can be served.</summary>
    public void EndCopy(LegSpec leg, string digest)
    {
        IStore store = RequireStore(leg);
        string image = store.ImagePath(leg.LegId);
        DurableFile.Write(files, store.DescriptionPath(leg.LegId), new LegDescription(LegState.Copying, unitId, leg) { CopyDigest = digest }, StateJson.Default.LegDescription);
        files.Move(AsidePath(store, leg.LegId), image);
        files.FlushDirectory(Path.GetDirectoryName(image)!);
        DurableFile.Write(files, store.DescriptionPath(leg.LegId), new LegDescription(LegState.Created, unitId, leg) { CopyDigest = digest }, StateJson.Default.LegDescription);
        DurableFile.Delete(files, MarkPath(store, leg.LegId));
    }

    /// <summary>Ends what <see cref="EndCopy"/> began before a power cut.</summary>
    /// <returns>True when the copy is whole now.</returns>
    public bool TryEndCopyAgain(LegSpec leg)
    {
        IStore store = RequireStore(leg);
        if (Described(store, leg) is not { State: LegState.Copying, CopyDigest: { } digest } || !files.Exists(store.ImagePath(leg.LegId))) return false;
        DurableFile.Write(files, store.DescriptionPath(leg.LegId), new LegDescription(LegState.Created, unitId, leg) { CopyDigest = digest }, StateJson.Default.LegDescription);
        return true;
    }

    private LegDescription? Described(IStore store, LegSpec leg)
    {
        LegDescription? description = DurableFile.Read(files, store.DescriptionPath(leg.LegId), StateJson.Default.LegDescription);
        return description is null || IsOurs(description, leg.LegId) ? description : throw new IOException($"{store.DescriptionPath(leg.LegId)} is another unit's or another leg's. Move it away.");
    }

    private IStore RequireStore(LegSpec leg) => stores.Find(leg.StoreId) ?? throw new IOException($"Store {leg.StoreId} is not here now. Mount it where it was.");

    private static string MarkPath(IStore store, Guid legId) => store.ImagePath(legId) + ".mark";
}

/// <summary>How far a copy is, in a file beside it.</summary>
/// <param name="DoneBytes">Bytes from the start on that are copied and flushed.</param>
internal sealed record CopyMark(long DoneBytes);
