using VSan.Contracts.Enrolment;

namespace VSan.Cli;

/// <summary>Copies an image and fills in its configuration file on the way.</summary>
internal static class ImageCopy
{
    private const int ChunkBytes = 4 << 20;

    /// <summary>Where the image has room for the configuration file.</summary>
    /// <exception cref="CommandFailure">Nowhere: it is none of ours.</exception>
    public static async Task<long> FindRoomAsync(Stream image, CancellationToken cancellation)
    {
        byte[] chunk = new byte[ChunkBytes];
        image.Position = 0;
        for (long at = 0; ; at += ChunkBytes)
        {
            int read = await image.ReadAtLeastAsync(chunk, chunk.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
            if (read == 0) throw new CommandFailure(ExitCode.Usage, "This is not an image of the appliance, or an older one: it has no room for a configuration file.", "Take vsan-appliance.img of './dev image'.");
            if (RoomIn(chunk.AsSpan(0, read)) is { } offset) return at + offset;
        }
    }

    /// <summary>Copies all of it and then fills in the configuration file.</summary>
    /// <param name="image">The image as it was built.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="skipsZeroes">True where nothing was before: zeroes are there anyhow.</param>
    /// <param name="room">Where the configuration file goes.</param>
    /// <param name="configuration">The configuration file.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task WriteAsync(Stream image, FileStream target, bool skipsZeroes, long room, ReadOnlyMemory<byte> configuration, CancellationToken cancellation)
    {
        byte[] chunk = new byte[ChunkBytes];
        image.Position = 0;
        if (skipsZeroes) target.SetLength(image.Length);
        for (long at = 0; ; at += ChunkBytes)
        {
            int read = await image.ReadAtLeastAsync(chunk, chunk.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
            if (read == 0) break;
            if (skipsZeroes && !chunk.AsSpan(0, read).ContainsAnyExcept((byte)0)) continue;
            target.Position = at;
            await target.WriteAsync(chunk.AsMemory(0, read), cancellation).ConfigureAwait(false);
        }

        target.Position = room;
        await target.WriteAsync(configuration, cancellation).ConfigureAwait(false);
        target.Flush(flushToDisk: true);
    }

    private static long? RoomIn(ReadOnlySpan<byte> chunk)
    {
        for (int offset = 0; offset < chunk.Length; offset += UnitConfigurationFile.AlignmentBytes)
        {
            if (UnitConfigurationFile.BeginsAt(chunk[offset..])) return offset;
        }

        return null;
    }
}
