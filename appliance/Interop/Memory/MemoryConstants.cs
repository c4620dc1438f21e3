namespace VSan.Interop;

/// <summary>Constants of mmap and madvise.</summary>
[CName("")]
internal static class MemoryConstants
{
    [CName("PROT_READ")] internal const int ProtectRead = 1;
    [CName("PROT_WRITE")] internal const int ProtectWrite = 2;
    [CName("MAP_SHARED")] internal const int MapShared = 1;
    [CName("MAP_PRIVATE")] internal const int MapPrivate = 2;
    [CName("MAP_ANONYMOUS")] internal const int MapAnonymous = 0x20;
    [CName("MAP_NORESERVE")] internal const int MapNoReserve = 0x4000;
    [CName("MAP_POPULATE")] internal const int MapPopulate = 0x8000;
    [CName("MADV_DONTNEED")] internal const int AdviseDontNeed = 4;
}
