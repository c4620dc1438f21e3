using VSan.Contracts.UnitLink;
using VSan.UnitAgent;
using VSan.UnitAgent.Inventory;
using Xunit;

namespace VSan.Tests.ControlPlane.UnitAgent;

/// <summary>What a store lies on, told from a sysfs and a list of mounts that the test made.</summary>
public sealed class MediaProbeTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("/data/hdd/store", MediaClass.Hdd)]
    [InlineData("/data/part", MediaClass.Ssd)]
    [InlineData("/data/nvme", MediaClass.Nvme)]
    [InlineData("/data/raid", MediaClass.Hdd)]
    [InlineData("/data/ram/store", MediaClass.Memory)]
    [InlineData("/data/with space", MediaClass.Nvme)]
    [InlineData("/data/hdd2", MediaClass.Unknown)]
    [InlineData("/data", MediaClass.Unknown)]
    public void Of_EachKindOfDevice_IsTheClassOfTheSlowestBelow(string path, MediaClass expected)
    {
        Disk("8:0", "sda", rotational: "1");
        Disk("8:16", "sdb", rotational: "0");
        Partition("8:17", "sdb", "sdb1");
        Disk("259:0", "nvme0n1", rotational: "0");
        Disk("9:0", "md0", rotational: "0");
        foreach (string slave in new[] { "sda", "nvme0n1" })
            Directory.CreateSymbolicLink(Path.Combine(Folder("md0"), "slaves", slave), Folder(slave));
        string mounts = _root.File("mountinfo");
        File.WriteAllLines(mounts,
        [
            "1 0 0:30 / / rw - overlay overlay rw",
            "2 1 8:0 / /data/hdd rw,relatime shared:1 - xfs /dev/sda rw",
            "3 1 8:17 / /data/part rw - xfs /dev/sdb1 rw",
            "4 1 259:0 / /data/nvme rw - xfs /dev/nvme0n1 rw",
            "5 1 9:0 / /data/raid rw - ext4 /dev/md0 rw",
            "6 1 0:31 / /data/ram rw - tmpfs tmpfs rw",
            "7 1 259:0 / /data/with\\040space rw - xfs /dev/nvme0n1 rw",
        ]);
        Assert.Equal(expected, new MediaProbe(mounts, _root.File("sys")).Of(path));
    }

    [Fact]
    public void Options_MediaOfAStore_IsReadAndRefusedOfAnythingElse()
    {
        string[] start = ["--state", "/s", "--name", "u", "--portal", "127.0.0.1:3260", "--control", "/c", "--store", "/a", "--store", "/b=c"];
        UnitOptions options = UnitOptions.Parse([.. start, "--store-media", "/a=nvme", "--store-media", "/b=c=hdd"]);
        Assert.Equal((MediaClass.Nvme, MediaClass.Hdd), (options.StoreMedia["/a"], options.StoreMedia["/b=c"]));
        foreach (string wrong in new[] { "/a=gold", "/a=1", "/a", "/d=hdd", "=hdd" })
            Assert.Throws<UnitFailure>(() => UnitOptions.Parse([.. start, "--store-media", wrong]));
    }

    private string Folder(string name) => Path.Combine(_root.File("sys"), "devices", name);

    private void Disk(string number, string name, string rotational)
    {
        Directory.CreateDirectory(Path.Combine(Folder(name), "queue"));
        Directory.CreateDirectory(Path.Combine(Folder(name), "slaves"));
        File.WriteAllText(Path.Combine(Folder(name), "queue", "rotational"), rotational + "\n");
        Link(number, Folder(name));
    }

    private void Partition(string number, string disk, string name)
    {
        string folder = Path.Combine(Folder(disk), name);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "partition"), "1\n");
        Link(number, folder);
    }

    private void Link(string number, string folder)
    {
        Directory.CreateDirectory(Path.Combine(_root.File("sys"), "dev", "block"));
        Directory.CreateSymbolicLink(Path.Combine(_root.File("sys"), "dev", "block", number), folder);
    }
}
