using System.Reflection;
using System.Runtime.Loader;

namespace VSan.Tests.Fuzz.Coverage;

/// <summary>
/// The fuzzer again, with everything of ours loaded anew: the protocol code from instrumented copies, all static state as at the start of a process.
/// </summary>
internal sealed class InstrumentedContext : AssemblyLoadContext
{
    private static readonly string[] Counted = ["VSan.Iscsi", "VSan.Scsi"];
    private readonly string _folder;

    private InstrumentedContext(string folder)
        : base("instrumented") => _folder = folder;

    /// <summary>Instruments copies in a folder beside the fuzzer, and loads the fuzzer on them.</summary>
    public static Assembly LoadFuzzer()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "instrumented");
        Directory.CreateDirectory(folder);
        foreach (string name in Counted) InstrumentOnce(Path.Combine(AppContext.BaseDirectory, name + ".dll"), Path.Combine(folder, name + ".dll"));
        return new InstrumentedContext(folder).LoadFromAssemblyPath(typeof(InstrumentedContext).Assembly.Location);
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name?.StartsWith("VSan.", StringComparison.Ordinal) != true) return null;
        string copy = Path.Combine(_folder, assemblyName.Name + ".dll");
        return LoadFromAssemblyPath(File.Exists(copy) ? copy : Path.Combine(AppContext.BaseDirectory, assemblyName.Name + ".dll"));
    }

    private static void InstrumentOnce(string from, string to)
    {
        if (File.Exists(to) && File.GetLastWriteTimeUtc(to) > File.GetLastWriteTimeUtc(from)) return;

        // Whole or not at all: another fuzzer may start at the same time.
        string draft = $"{to}.{Environment.ProcessId}";
        EdgeInstrumenter.Instrument(from, draft);
        File.Move(draft, to, overwrite: true);
    }
}
