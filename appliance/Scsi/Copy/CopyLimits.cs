namespace VSan.Scsi.Copy;

/// <summary>Bounds of EXTENDED COPY, told by RECEIVE COPY RESULTS and the third-party copy VPD page.</summary>
internal static class CopyLimits
{
    /// <summary>CSCD descriptors of one list: a copy has two ends; some initiators name more and use them by turns.</summary>
    public const int DescriptorsMax = 8;

    /// <summary>Segments of one list; with <see cref="SegmentBytesMax"/> no command copies more than 512 MiB.</summary>
    public const int SegmentsMax = 16;

    /// <summary>Bytes of one segment: 65,535 blocks of 512 bytes, rounded up.</summary>
    public const int SegmentBytesMax = 32 * 1024 * 1024;

    /// <summary>Descriptors of both kinds together, in bytes.</summary>
    public const int ListBytesMax = (DescriptorsMax * CopyList.DescriptorBytes) + (SegmentsMax * CopyList.SegmentBytes);

    /// <summary>Bytes that are read and written as one: keeps a disk busy, takes 1/16 of the smallest pool.</summary>
    public const int ChunkBytesMax = 256 * 1024;

    /// <summary>Copies whose status one nexus may ask for, under way and ended; the oldest ended one makes room.</summary>
    public const int RecordsMax = 16;
}
