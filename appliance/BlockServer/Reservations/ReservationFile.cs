using VSan.Interop;
using VSan.Scsi.Reservations;

namespace VSan.BlockServer.Reservations;

/// <summary>
/// The reservations of one logical unit on disk, in a file named by its NAA name. Written whole beside the old one, made durable, then renamed,
/// then the directory made durable: a loss of power leaves the old reservations or the new ones. Saves run on the thread pool, as a disk may
/// take its time; the <see cref="ReservationTable"/> asks for one after the other.
/// </summary>
internal sealed class ReservationFile : IReservationStore
{
    private readonly string _directory;
    private readonly string _path;
    private readonly EventLog _log;

    /// <summary>Names the file; nothing is touched.</summary>
    /// <param name="stateDirectory">The server's.</param>
    /// <param name="naa">Of the logical unit.</param>
    /// <param name="log">Hears of saves that failed.</param>
    internal ReservationFile(string stateDirectory, string naa, EventLog log)
    {
        _directory = Path.Combine(stateDirectory, "reservations");
        _path = Path.Combine(_directory, naa.ToLowerInvariant() + ".pr");
        _log = log;
    }

    /// <summary>The reservations as they were kept. Blocks; not on a ring's thread.</summary>
    /// <returns>Null, with a reason, when they cannot be read: whom they kept out must stay out.</returns>
    internal ReservationTable? Load(out string? error)
    {
        error = null;
        try
        {
            if (!File.Exists(_path)) return new ReservationTable(this);
            if (ReservationTable.TryRestore(this, File.ReadAllBytes(_path)) is { } table) return table;
            error = $"{_path} is damaged, and tells not whom it kept out: remove it when you are certain that no host relies on it";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            error = $"reading {_path} failed: {exception.Message}";
        }

        return null;
    }

    public void Save(ReadOnlyMemory<byte> image, Action<bool> done) => ThreadPool.UnsafeQueueUserWorkItem(
        static work =>
        {
            string? error = work.File.Replace(work.Image.Span);
            if (error is not null) work.File._log.Error("reservations-not-kept", ("file", work.File._path), ("error", error));
            work.Done(error is null);
        },
        (File: this, Image: image, Done: done),
        preferLocal: false);

    /// <summary>Replaces the file, or removes it when the image is empty.</summary>
    /// <returns>Null when it is durable.</returns>
    internal string? Replace(ReadOnlySpan<byte> image)
    {
        try
        {
            if (image.IsEmpty)
            {
                if (!File.Exists(_path)) return null;
                File.Delete(_path);
            }
            else
            {
                if (!Directory.Exists(_directory))
                {
                    Directory.CreateDirectory(_directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                    FileSystem.FlushDirectory(Path.GetDirectoryName(_directory)!);
                }

                WriteBeside(image);
                File.Move(_path + ".new", _path, overwrite: true);
            }

            if (!Sabotage.SkipsReservationFlush) FileSystem.FlushDirectory(_directory);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }

    private void WriteBeside(ReadOnlySpan<byte> image)
    {
        using var stream = new FileStream(_path + ".new", new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        stream.Write(image);
        stream.Flush(flushToDisk: !Sabotage.SkipsReservationFlush);
    }
}
