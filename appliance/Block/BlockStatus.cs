namespace VSan.Block;

/// <summary>How a <see cref="BlockRequest"/> ended. Each front end maps each member to its own words.</summary>
public enum BlockStatus
{
    /// <summary>Done in full.</summary>
    Success,

    /// <summary>The blocks lie outside the volume. Nothing was done.</summary>
    OutOfRange,

    /// <summary>The store is full. Nothing of this request is acknowledged; reads go on.</summary>
    NoSpace,

    /// <summary>The medium failed on these blocks (EIO on a read).</summary>
    MediumError,

    /// <summary>The device failed (EIO on a write or flush, or any errno without a better name).</summary>
    HardwareError,

    /// <summary>The volume was closed or removed, or the request was taken back, before it ran.</summary>
    Closed,
}
