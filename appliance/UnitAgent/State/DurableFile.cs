using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace VSan.UnitAgent.State;

/// <summary>Files that are whole after a power cut: written aside, flushed, renamed over the old one, and the name flushed too.</summary>
internal static class DurableFile
{
    /// <summary>Replaces a file of this machine by a value's JSON, mode 0600.</summary>
    public static void Write<T>(string path, T value, JsonTypeInfo<T> type) => Write(LocalFiles.Instance, path, value, type);

    /// <summary>Replaces a file of this machine, mode 0600.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content) => Write(LocalFiles.Instance, path, content);

    /// <summary>Replaces a file by a value's JSON, mode 0600.</summary>
    public static void Write<T>(IFiles files, string path, T value, JsonTypeInfo<T> type) => Write(files, path, JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <summary>Replaces a file, mode 0600. When it returns, the new content is there after a power cut; before, the old one is.</summary>
    public static void Write(IFiles files, string path, ReadOnlySpan<byte> content)
    {
        string aside = path + ".new";
        files.Write(aside, content);
        if (!Sabotage.SkipsFileFlush) files.Flush(aside);
        files.Move(aside, path);
        if (!Sabotage.SkipsDirectoryFlush) files.FlushDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Reads a value of this machine back; null when the file does not exist.</summary>
    /// <exception cref="UnitFailure">The file exists and is not what was written.</exception>
    public static T? Read<T>(string path, JsonTypeInfo<T> type)
        where T : class => Read(LocalFiles.Instance, path, type);

    /// <summary>Reads a value back; null when the file does not exist.</summary>
    /// <exception cref="UnitFailure">The file exists and is not what was written.</exception>
    public static T? Read<T>(IFiles files, string path, JsonTypeInfo<T> type)
        where T : class
    {
        if (!files.Exists(path)) return null;
        try
        {
            return JsonSerializer.Deserialize(files.Read(path), type)
                ?? throw new JsonException("The file holds null.");
        }
        catch (JsonException damage)
        {
            throw new UnitFailure(ExitCode.Unusable, $"{path} is damaged ({damage.Message}) Restore it from a backup, or move it away if you are certain.", damage);
        }
    }

    /// <summary>Removes a file of this machine, durably; nothing happens when it does not exist.</summary>
    public static void Delete(string path) => Delete(LocalFiles.Instance, path);

    /// <summary>Removes a file, durably; nothing happens when it does not exist.</summary>
    public static void Delete(IFiles files, string path)
    {
        if (!files.Exists(path)) return;
        files.Delete(path);
        files.FlushDirectory(Path.GetDirectoryName(path)!);
    }
}
