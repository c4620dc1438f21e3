using VSan.Block;
using VSan.Interop;

namespace VSan.Volumes;

/// <summary>
/// Answers <see cref="BlockOperation.FindExtent"/> for a file by SEEK_DATA and SEEK_HOLE. The filesystem may have to read its own tables from the
/// disk for that, so it runs on the thread pool and the end is posted to the ring; one search for each command at a time.
/// </summary>
internal static class ExtentSearch
{
    /// <summary>Starts; <see cref="StoredVolume.End"/> follows on the ring's thread.</summary>
    internal static void Start(BlockRequest request, VolumeFile volume, FileDescriptor file, VolumeRing ring) => ThreadPool.UnsafeQueueUserWorkItem(
        static work =>
        {
            int error = Find(work.Request, work.File, work.Volume.Geometry.BlockSizeBytes);
            work.Ring.Post(() => work.Volume.End(work.Request, error == 0 ? BlockStatus.Success : BlockStatus.MediumError, error));
        },
        (Request: request, Volume: volume, File: file, Ring: ring),
        preferLocal: false);

    private static int Find(BlockRequest request, FileDescriptor file, long blockBytes)
    {
        long start = (long)request.Lba.Value * blockBytes;
        long end = start + ((long)request.Count.Value * blockBytes);
        long data = file.FindData(start);
        if (data == -Errno.NoSuchDevice) data = end;
        if (data < 0) return (int)-data;

        // A block that is part hole and part data takes space.
        long hole = (Math.Min(data, end) - start) / blockBytes;
        if (hole > 0)
        {
            request.SetExtent(new BlockCount((ulong)hole), isMapped: false);
            return 0;
        }

        long next = file.FindHole(data);
        if (next < 0) return (int)-next;
        long mapped = (Math.Min(next, end) - start + blockBytes - 1) / blockBytes;
        request.SetExtent(new BlockCount((ulong)Math.Max(1, mapped)), isMapped: true);
        return 0;
    }
}
