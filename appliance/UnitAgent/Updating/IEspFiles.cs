namespace VSan.UnitAgent.Updating;

/// <summary>The few calls to the boot partition from which versions are put there. Paths are below it.</summary>
internal interface IEspFiles
{
    /// <summary>Names of the files in a folder.</summary>
    IReadOnlyList<string> Names(string folder);

    /// <summary>A file's content.</summary>
    byte[] Read(string path);

    /// <summary>Makes an empty file, in place of what had its name.</summary>
    Stream Create(string path);

    /// <summary>A file to be read.</summary>
    Stream Open(string path);

    /// <summary>Changes a file where it lies; its length stays. Durable when it returns.</summary>
    void Overwrite(string path, ReadOnlySpan<byte> content);

    /// <summary>Makes a file's content durable.</summary>
    void Flush(string path);

    /// <summary>Gives a file another name, in place of what had it. Durable when it returns.</summary>
    void Move(string from, string to);

    /// <summary>Removes a file; nothing happens when there is none. Durable when it returns.</summary>
    void Delete(string path);
}
