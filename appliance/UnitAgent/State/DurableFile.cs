using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using VSan.Interop;

namespace VSan.UnitAgent.State;

/// <summary>Files that are whole after a power cut: written aside, flushed, renamed over the old one, and the name flushed too.</summary>
internal static class DurableFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Replaces a file by a value's JSON, mode 0600.</summary>
    public static void Write<T>(string path, T value, JsonTypeInfo<T> type) => Write(path, JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <summary>Replaces a file, mode 0600. When it returns, the new content is there after a power cut; before, the old one is.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        string aside = path + ".new";
        FileStreamOptions options = new()
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerOnly,
        };
        using (FileStream file = new(aside, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(aside, path, overwrite: true);
        FileSystem.FlushDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Reads a value back; null when the file does not exist.</summary>
    /// <exception cref="UnitFailure">The file exists and is not what was written.</exception>
    public static T? Read<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        if (!File.Exists(path)) return null;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type)
                ?? throw new JsonException("The file holds null.");
        }
        catch (JsonException damage)
        {
            throw new UnitFailure(ExitCode.Unusable, $"{path} is damaged ({damage.Message}) Restore it from a backup, or move it away if you are certain.", damage);
        }
    }

    /// <summary>Removes a file, durably; nothing happens when it does not exist.</summary>
    public static void Delete(string path)
    {
        if (!File.Exists(path)) return;
        File.Delete(path);
        FileSystem.FlushDirectory(Path.GetDirectoryName(path)!);
    }
}
