namespace VSan.Scsi.Copy;

/// <summary>COPY MANAGER STATUS (SPC-4, 6.18.2).</summary>
internal enum CopyStatus : byte
{
    InProgress = 0,
    Completed = 1,
    Failed = 2,
}

/// <summary>What is known of one copy of a nexus, by its list identifier.</summary>
internal sealed class CopyRecord(byte listIdentifier)
{
    public byte ListIdentifier { get; } = listIdentifier;

    public CopyStatus Status { get; private set; }

    public ushort SegmentsProcessed { get; private set; }

    public uint TransferredBytes { get; private set; }

    /// <summary>Why it failed.</summary>
    public Sense Failure { get; private set; }

    public void Advance(int bytes, bool segmentDone)
    {
        TransferredBytes += (uint)bytes;
        if (segmentDone) SegmentsProcessed++;
    }

    public void Complete() => Status = CopyStatus.Completed;

    public void Fail(Sense sense) => (Status, Failure) = (CopyStatus.Failed, sense);
}

/// <summary>The copies of one nexus that may be asked for, oldest first. Owned by the ring that serves the session.</summary>
internal sealed class CopyRecords
{
    private readonly List<CopyRecord> _records = [];

    /// <summary>The copy of that list identifier, or null.</summary>
    public CopyRecord? Find(byte listIdentifier) => _records.Find(record => record.ListIdentifier == listIdentifier);

    /// <summary>Notes a new copy; an ended one of the same identifier is forgotten.</summary>
    /// <returns>Null when one of that identifier is under way, or too many are.</returns>
    public CopyRecord? TryAdd(byte listIdentifier)
    {
        if (Find(listIdentifier) is { } old)
        {
            if (old.Status == CopyStatus.InProgress) return null;
            _records.Remove(old);
        }

        if (_records.Count == CopyLimits.RecordsMax)
        {
            int ended = _records.FindIndex(record => record.Status != CopyStatus.InProgress);
            if (ended < 0) return null;
            _records.RemoveAt(ended);
        }

        var added = new CopyRecord(listIdentifier);
        _records.Add(added);
        return added;
    }
}
