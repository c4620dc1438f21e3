using VSan.HostAgent.Execution;
using VSan.HostAgent.Found;
using VSan.HostAgent.Planning;
using VSan.HostAgent.State;
using Xunit;

namespace VSan.Tests.Unit.HostAgent;

/// <summary>What is read of the kernel, of mdadm, of open-iscsi and of the agent's own state.</summary>
public sealed class FoundTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("vsan-host-").FullName;

    [Fact]
    public void Sessions_AreReadFromSysfs()
    {
        Put("sys/class/iscsi_session/session3/targetname", "iqn.2026-11.io.example:unit-0\n");
        Put("sys/class/iscsi_session/session3/state", "LOGGED_IN\n");
        Put("sys/class/iscsi_session/session3/recovery_tmo", "5\n");
        Put("sys/class/iscsi_connection/connection3:0/persistent_address", "fd77:2::1\n");
        Put("sys/class/iscsi_connection/connection3:0/persistent_port", "3260\n");
        Put("sys/class/iscsi_session/session4/targetname", "iqn.2026-11.io.example:going\n");
        Assert.Equal([new FoundSession(3, "iqn.2026-11.io.example:unit-0", "[fd77:2::1]:3260", IsLoggedIn: true, 5)], new Sysfs(_root).Sessions());
    }

    [Fact]
    public void Disks_AreThoseWithAnNaaName()
    {
        Put("sys/block/sdb/device/wwid", $"naa.{Sample.Naa(0)}\n");
        Put("sys/block/sdb/device/state", "running\n");
        Put("sys/block/sdb/size", "2048\n");
        Put("sys/block/sdc/device/wwid", "t10.ATA     QEMU HARDDISK\n");
        Put("sys/block/sdd/device/wwid", $"naa.{Sample.Naa(1)}\n");
        Put("sys/block/sdd/device/state", "transport-offline\n");
        Assert.Equal([new FoundDisk("sdb", Sample.Naa(0), 1 << 20, IsRunning: true), new FoundDisk("sdd", Sample.Naa(1), 0, IsRunning: false)], new Sysfs(_root).Disks());
    }

    [Fact]
    public void Array_TellsItsMembersAndHowFarItCopies()
    {
        Put("sys/block/md127/size", "131072\n");
        Put("sys/block/md127/md/array_state", "active\n");
        Put("sys/block/md127/md/raid_disks", "2\n");
        Put("sys/block/md127/md/sync_action", "recover\n");
        Put("sys/block/md127/md/sync_completed", "32768 / 131072\n");
        Put("sys/block/md127/md/dev-sda/state", "in_sync,failfast\n");
        Put("sys/block/md127/md/dev-sdb/state", "spare,failfast\n");
        Put("sys/block/md127/md/dev-sdc/state", "faulty,blocked\n");
        FoundArray array = Assert.Single(new Sysfs(_root).Arrays());
        Assert.Equal([MemberState.InSync, MemberState.Rebuilding, MemberState.Faulty], array.Members.Select(member => member.State));
        Assert.Equal((64L << 20, 2, 25), (array.SizeBytes, array.MemberCount, array.Sync!.Percent));
        Put("sys/block/md127/md/sync_action", "idle\n");
        Put("sys/block/md127/md/array_state", "inactive\n");
        FoundArray idle = Assert.Single(new Sysfs(_root).Arrays());
        Assert.True(idle is { Sync: null, IsRunning: false });
    }

    [Fact]
    public void Mounts_AreReadFromMountinfo()
    {
        Put("proc/self/mountinfo", "22 1 0:20 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n80 22 9:127 / /srv/my\\040db rw - xfs /dev/md127 rw,attr2\n");
        Assert.Equal([("/dev/sda1", "/"), ("/dev/md127", "/srv/my db")], new Sysfs(_root).Mounts());
    }

    [Fact]
    public void ExportLines_OfMdadm()
    {
        ExportLines lines = ExportLines.Parse("MD_LEVEL=raid1\nMD_DEVICES=2\nMD_UUID=00112233:44556677:889900aa:bbccddee\nMD_EVENTS=17\nnoise\n");
        Assert.Equal((Sample.VolumeId, 17L), (lines.ArrayId!.Value, lines.Events));
        Assert.Null(ExportLines.Parse("mdadm: /dev/sda is not attached").ArrayId);
    }

    [Fact]
    public async Task Blank_IsZeroesAtBothEnds()
    {
        string path = Path.Combine(_root, "disk");
        foreach (long at in (long[])[0, 1 << 20, (32 << 20) - 1])
        {
            await using (FileStream disk = File.Create(path)) disk.SetLength(32 << 20);
            Assert.True(await Observer.IsZeroAsync(path, default));
            await using (FileStream disk = File.OpenWrite(path))
            {
                disk.Position = at;
                disk.WriteByte(1);
            }

            Assert.False(await Observer.IsZeroAsync(path, default));
        }
    }

    [Theory]
    [InlineData("10.0.0.1,3260")]
    [InlineData("10.0.0.1,3260,1/default")]
    public void NodeRecord_GetsItsSecretsWhereIscsiadmKeepsIt_AndNobodyElseReadsThem(string name)
    {
        string file = Path.Combine(_root, "iqn.t", name);
        Put(Path.Combine("iqn.t", name), "# BEGIN RECORD 2.1.11\nnode.name = iqn.t\nnode.session.auth.authmethod = None\nnode.startup = manual\n# END RECORD\n");
        NodeRecords records = new(_root);
        Assert.True(records.Has("iqn.t", "10.0.0.1:3260"));
        Assert.False(records.Has("iqn.t", "10.0.0.1:326"));
        IReadOnlyList<KeyValuePair<string, string>> secrets = NodeSettings.Secrets(Sample.Single().Connect.Legs[0]);
        Assert.False(records.Agree("iqn.t", "10.0.0.1:3260", secrets));
        records.Write("iqn.t", "10.0.0.1:3260", secrets);
        Assert.True(records.Agree("iqn.t", "10.0.0.1:3260", secrets));
        Assert.Equal(["# BEGIN RECORD 2.1.11", "node.name = iqn.t", "node.startup = manual", "node.session.auth.authmethod = CHAP", "node.session.auth.username = user", $"node.session.auth.password = {Sample.Secret}", "# END RECORD"], File.ReadAllLines(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public void NodeRecord_ThatIsKeptElsewhere_IsAnError() => Assert.Throws<IOException>(() => new NodeRecords(_root).Write("iqn.t", "10.0.0.1:3260", []));

    [Fact]
    public void State_IsReadBackAsItWasKept()
    {
        HostState state = new(_root);
        VolumeRecord record = Sample.Mirror() with { Mirror = new MirrorRecord([Sample.Naa(1)], 7, IsClean: true), IsFormatted = true };
        state.Keep(record);
        VolumeRecord read = Assert.Single(new HostState(_root).All());
        Assert.Equal((record.Name, FileSystemKind.Xfs, Sample.Secret), (read.Name, read.FileSystem, read.Connect.Legs[0].ChapSecret));
        Assert.True(record.Mirror.Agrees(read.Mirror));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Directory.GetFiles(Path.Combine(_root, "volumes")).Single()));
        state.Forget(record.VolumeId);
        Assert.Empty(state.All());
    }

    [Fact]
    public async Task State_OfAPassInAnotherProcess_IsWaitedFor()
    {
        HostState state = new(_root);
        using CancellationTokenSource stop = new();
        Task<IDisposable> second;
        using (await state.LockAsync(default))
        {
            second = new HostState(_root).LockAsync(stop.Token);
            Assert.False(second.IsCompleted);
        }

        (await second).Dispose();
    }

    [Fact]
    public void State_ThatIsDamaged_IsAnErrorAndNotAnEmptyMemory()
    {
        Put("volumes/00000000-0000-0000-0000-000000000001.json", "{ \"name\":");
        Assert.Throws<VSan.Client.CommandFailure>(() => new HostState(_root).All());
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Put(string path, string text)
    {
        string file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
