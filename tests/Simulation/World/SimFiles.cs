using VSan.Tests.Simulation.Kernel;
using VSan.UnitAgent.State;

namespace VSan.Tests.Simulation.World;

/// <summary>
/// The disk of one unit. What was not flushed may be lost when the power goes: a file's content on its own, names within a directory in
/// their order (a journal). Any call may end the process, or fail.
/// </summary>
internal sealed class SimFiles(Simulator simulation, string unit) : IFiles
{
    private readonly Dictionary<string, SimFile> _present = new(StringComparer.Ordinal);
    private readonly List<NameChange> _unflushed = [];
    private Dictionary<string, SimFile> _durable = new(StringComparer.Ordinal);

    private sealed record NameChange(string Directory, Action<Dictionary<string, SimFile>> Apply);

    /// <summary>The process that uses the disk now.</summary>
    public SimProcess? Owner { get; set; }

    /// <summary>Chance that a call is the last one of its process.</summary>
    public double KillChance { get; set; }

    /// <summary>Chance that a call that writes fails.</summary>
    public double ErrorChance { get; set; }

    /// <summary>Told before a file is deleted.</summary>
    public Action<string, SimFile> OnDelete { get; set; } = (_, _) => { };

    /// <summary>What a call that ends its process is told by.</summary>
    public Action OnKill { get; set; } = () => { };

    public IEnumerable<string> Paths => _present.Keys.Order(StringComparer.Ordinal);

    /// <summary>The file, as everyone on the machine sees it.</summary>
    public SimFile? Find(string path) => _present.GetValueOrDefault(path);

    /// <summary>Somebody else put a file here.</summary>
    public void Plant(string path, byte[] content) => _durable[path] = _present[path] = new SimFile(content.Length) { Content = content, DurableContent = content };

    /// <summary>The block server copies an image; the copy is durable. False when there is no such image.</summary>
    public bool TryCopy(string from, string to)
    {
        if (Find(from) is not { } source) return false;
        _durable[to] = _present[to] = new SimFile(source.LengthBytes) { Written = source.Written };
        return true;
    }

    /// <summary>The power goes: the unflushed is kept up to some point, and comes back so.</summary>
    public void LosePower()
    {
        int kept = simulation.Random.Next(_unflushed.Count + 1);
        foreach (NameChange change in _unflushed.Take(kept)) change.Apply(_durable);
        _unflushed.Clear();
        _present.Clear();
        foreach ((string path, SimFile file) in _durable)
        {
            if (!ReferenceEquals(file.Content, file.DurableContent) && simulation.Chance(0.5)) file.Content = file.DurableContent;
            if (file.LengthBytes != file.DurableLengthBytes && simulation.Chance(0.5)) file.LengthBytes = file.DurableLengthBytes;
            (file.DurableContent, file.DurableLengthBytes) = (file.Content, file.LengthBytes);
            _present.Add(path, file);
        }

        _durable = new Dictionary<string, SimFile>(_present, StringComparer.Ordinal);
    }

    public bool Exists(string path) => _present.ContainsKey(path);

    public long LengthBytes(string path) => Require(path).LengthBytes;

    public byte[] Read(string path) => Require(path).Content;

    public void Write(string path, ReadOnlySpan<byte> content)
    {
        Step(path);
        // A new file each time: whoever replaces a name in place finds out.
        SimFile file = new(content.Length) { Content = content.ToArray() };
        Change(path, names => names[path] = file);
    }

    public DateTimeOffset ChangedAt(string path) => simulation.Now;

    public long AllocatedBytes(string path) => LengthBytes(path);

    public void Allocate(string path, long sizeBytes, bool thick, string? origin)
    {
        Step(path);
        if (Exists(path)) throw new IOException($"{path} exists.");
        SimFile file = new(sizeBytes) { Written = origin is null ? null : Require(origin).Written };
        Change(path, names => names[path] = file);
    }

    public void Extend(string path, long sizeBytes)
    {
        Step(path);
        Require(path).LengthBytes = sizeBytes;
    }

    public void Flush(string path)
    {
        Step(path);
        SimFile file = Require(path);
        (file.DurableContent, file.DurableLengthBytes) = (file.Content, file.LengthBytes);
    }

    public void Move(string from, string to)
    {
        Step(from);
        SimFile file = Require(from);
        Change(to, names =>
        {
            names.Remove(from);
            names[to] = file;
        });
    }

    public void Delete(string path)
    {
        Step(path);
        if (Find(path) is not { } file) return;
        OnDelete(path, file);
        Change(path, names => names.Remove(path));
    }

    public void FlushDirectory(string path)
    {
        Step(path);
        // A journal: what was before is durable too.
        int last = _unflushed.FindLastIndex(change => change.Directory == path);
        foreach (NameChange change in _unflushed.Take(last + 1)) change.Apply(_durable);
        _unflushed.RemoveRange(0, last + 1);
    }

    private SimFile Require(string path) => Find(path) ?? throw new FileNotFoundException($"{path} does not exist.");

    private void Change(string path, Action<Dictionary<string, SimFile>> apply)
    {
        apply(_present);
        _unflushed.Add(new NameChange(Path.GetDirectoryName(path)!, apply));
    }

    private void Step(string path)
    {
        if (Owner is { Alive: false }) throw new KilledException();
        if (simulation.Chance(KillChance))
        {
            simulation.Note($"{unit} loses power at {Path.GetExtension(path)}");
            OnKill();
            throw new KilledException();
        }

        if (simulation.Chance(ErrorChance)) throw new IOException($"{Path.GetFileName(path)}: input/output error.");
    }
}

/// <summary>One file.</summary>
internal sealed class SimFile(long lengthBytes)
{
    public byte[] Content { get; set; } = [];

    public byte[] DurableContent { get; set; } = [];

    public long LengthBytes { get; set; } = lengthBytes;

    public long DurableLengthBytes { get; set; } = lengthBytes;

    /// <summary>What a host wrote last, and was told so: an image's bytes in one number.</summary>
    public string? Written { get; set; }
}
