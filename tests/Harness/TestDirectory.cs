using System.Runtime.CompilerServices;

namespace VSan.Tests.Harness;

/// <summary>
/// A test's own folder, <c>artifacts/end-to-end/CLASS.TEST</c>. It stays, with logs, databases and configurations, until the test runs
/// again; only what the sockets need is removed.
/// </summary>
internal sealed class TestDirectory : IDisposable
{
    private readonly string _sockets = Directory.CreateTempSubdirectory("vsan-").FullName;

    private TestDirectory(string path) => Location = path;

    public string Location { get; }

    /// <summary>The folder of one test of a class.</summary>
    public static TestDirectory For(object test, [CallerMemberName] string name = "") => For($"{test.GetType().Name}.{name}");

    /// <summary>The folder of a fixture that several tests share.</summary>
    public static TestDirectory For(string fixture)
    {
        string path = Path.Combine(ProductBinaries.ResultsFolder, fixture);
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        Directory.CreateDirectory(path);
        return new TestDirectory(path);
    }

    public string File(string name) => Path.Combine(Location, name);

    public string Folder(string name) => Directory.CreateDirectory(File(name)).FullName;

    /// <summary>A path for a unix socket: short, because such a path has at most 107 bytes (unix(7)).</summary>
    public string Socket(string name) => Path.Combine(_sockets, name);

    /// <summary>Writes a file that only its owner may read, as the product's tools ask of secrets.</summary>
    public string SecretFile(string name, string text)
    {
        string path = File(name);
        using FileStream stream = new(path, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        stream.Write(System.Text.Encoding.ASCII.GetBytes(text));
        return path;
    }

    public void Dispose() => Directory.Delete(_sockets, recursive: true);
}
