using System.Text.Json;
using VSan.Contracts.BlockServer;
using VSan.Interop;

namespace VSan.BlockServer.Configuration;

/// <summary>
/// The server's own copy of what it was last told, for its next start without anybody to ask. Written whole beside the old one, made durable,
/// then renamed, so that a power loss leaves one or the other. Mode 0600: it holds secrets.
/// </summary>
internal sealed class ConfigurationFile(string directory)
{
    /// <summary>Where it lies, beside everything else that the server keeps.</summary>
    internal string Directory => directory;

    private string FilePath => Path.Combine(directory, "configuration.json");

    /// <summary>True when both say the same.</summary>
    internal static bool AreEqual(BlockServerConfiguration one, BlockServerConfiguration other)
        => Bytes(one).AsSpan().SequenceEqual(Bytes(other));

    /// <summary>Reads the copy.</summary>
    /// <param name="configuration">Null when there is none, or it cannot be read.</param>
    /// <returns>Null, or why it cannot be read.</returns>
    internal string? Read(out BlockServerConfiguration? configuration)
    {
        configuration = null;
        if (!File.Exists(FilePath)) return null;
        try
        {
            configuration = JsonSerializer.Deserialize(File.ReadAllBytes(FilePath), BlockServerJson.Default.BlockServerConfiguration);
            return configuration is null ? $"{FilePath} holds nothing" : null;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            return $"reading {FilePath} failed: {exception.Message}";
        }
    }

    /// <summary>Replaces the copy, durably.</summary>
    /// <returns>Null, or why not; the old copy is in place then.</returns>
    internal string? Write(BlockServerConfiguration configuration)
    {
        string temporary = FilePath + ".new";
        try
        {
            File.Delete(temporary);
            using (var stream = new FileStream(temporary, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }))
            {
                stream.Write(Bytes(configuration));
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, FilePath, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"keeping a copy of the configuration failed: {exception.Message}";
        }

        using FileDescriptor? entries = FileDescriptor.TryOpenDirectory(directory, out int error);
        if (entries is not null) error = entries.Sync();
        return error < 0 ? $"making {directory} durable failed: {Errno.Describe(error)}" : null;
    }

    private static byte[] Bytes(BlockServerConfiguration configuration)
        => JsonSerializer.SerializeToUtf8Bytes(configuration, BlockServerJson.Default.BlockServerConfiguration);
}
