using VSan.Interop;

namespace VSan.Volumes;

/// <summary>The file's side of a snapshot: a second file that shares its blocks (docs/adr/0022).</summary>
public sealed partial class VolumeFile
{
    /// <summary>Makes a copy under another name, while the volume is held. Blocks; not on a ring's thread.</summary>
    /// <remarks>The name is there only when the copy is whole and durable: a crash leaves it, or at most <c>PATH.new</c>, which the next try replaces.</remarks>
    /// <returns>Null, or why there is none.</returns>
    internal string? CloneTo(string path)
    {
        int result = Sabotage.SkipsFlush ? 0 : _buffered.DataSync();
        if (result < 0)
        {
            MarkSuspect();
            return $"flushing it failed: {Errno.Describe(result)}";
        }

        string aside = path + ".new";
        try
        {
            File.Delete(aside);
            string? error = CloneInto(aside);
            if (error is not null) return error;
            File.Move(aside, path);
            if (!Sabotage.SkipsFlush) FileSystem.FlushDirectory(Path.GetDirectoryName(path)!);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }

    private string? CloneInto(string aside)
    {
        using FileDescriptor? copy = FileDescriptor.TryOpen(aside, direct: false, create: true, out int result);
        if (copy is null) return $"making {aside} failed: {Errno.Describe(result)}";
        result = copy.CloneFrom(_buffered);
        if (result >= 0 && !Sabotage.SkipsFlush) result = copy.Sync();
        if (result >= 0) return null;
        File.Delete(aside);
        return result is -Errno.NotSupported or -Errno.CrossDevice or -Errno.Invalid
            ? "its filesystem cannot share blocks with that place: snapshots need XFS with reflink, and a path on the volume's own filesystem"
            : $"copying it failed: {Errno.Describe(result)}";
    }
}
