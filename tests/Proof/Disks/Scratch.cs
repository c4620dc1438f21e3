namespace VSan.Tests.Proof.Disks;

/// <summary>A folder for disks that live no longer than the rig: in memory where there is room, as a rig writes and copies hundreds of megabytes.</summary>
internal sealed class Scratch : IDisposable
{
    private const string Memory = "/dev/shm";
    private const long RoomBytes = 2L << 30;

    public Scratch()
    {
        bool inMemory = Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace > RoomBytes;
        Location = Directory.CreateDirectory(Path.Combine(inMemory ? Memory : Path.GetTempPath(), $"vsan-proof-{Guid.NewGuid():N}")).FullName;
    }

    public string Location { get; }

    public string File(string name) => Path.Combine(Location, name);

    public string Folder(string name) => Directory.CreateDirectory(File(name)).FullName;

    public void Dispose() => Directory.Delete(Location, recursive: true);
}
