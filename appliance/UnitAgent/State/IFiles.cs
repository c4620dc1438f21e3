namespace VSan.UnitAgent.State;

/// <summary>The few calls to a filesystem from which durable files are made. What was not flushed may be lost by a power cut.</summary>
internal interface IFiles
{
    /// <summary>True when there is a file of this name.</summary>
    bool Exists(string path);

    /// <summary>A file's length.</summary>
    long LengthBytes(string path);

    /// <summary>A file's content.</summary>
    byte[] Read(string path);

    /// <summary>Makes a file, mode 0600, or replaces its content.</summary>
    void Write(string path, ReadOnlySpan<byte> content);

    /// <summary>Makes a new file, mode 0600: zeroes, or a copy of another that shares its blocks and zeroes behind it.</summary>
    /// <param name="path">Its name; there is none yet.</param>
    /// <param name="sizeBytes">Its length, unless the other is longer.</param>
    /// <param name="thick">All its space is taken at once.</param>
    /// <param name="origin">The file that it begins as a copy of, or null.</param>
    void Allocate(string path, long sizeBytes, bool thick, string? origin);

    /// <summary>Makes a file longer: zeroes behind what it has.</summary>
    void Extend(string path, long sizeBytes);

    /// <summary>When a file was last written to, by this machine's clock.</summary>
    DateTimeOffset ChangedAt(string path);

    /// <summary>Bytes that a file takes on its filesystem.</summary>
    long AllocatedBytes(string path);

    /// <summary>Makes a file's content durable.</summary>
    void Flush(string path);

    /// <summary>Gives a file another name, in place of whatever had it.</summary>
    void Move(string from, string to);

    /// <summary>Removes a file; nothing happens when there is none.</summary>
    void Delete(string path);

    /// <summary>Makes the names in a directory durable.</summary>
    void FlushDirectory(string path);
}
