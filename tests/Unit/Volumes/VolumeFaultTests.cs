using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using VSan.Block;
using VSan.Volumes;
using Xunit;

namespace VSan.Tests.Unit.Volumes;

/// <summary>What the kernel's own errors become: the volume's descriptors are put on files that fail every request of a kind.</summary>
public sealed partial class VolumeFaultTests
{
    [Fact]
    public void Write_StoreFull_IsNoSpaceAndReadsGoOn()
    {
        using var bench = new VolumeBench("file");
        using (new FailingDescriptors((StoredVolume)bench.Volume, "/dev/full"))
        {
            Assert.Equal(BlockStatus.NoSpace, bench.Run(BlockOperation.Write, 0, 8, new byte[4096]));
            Assert.Equal(BlockStatus.NoSpace, bench.Run(BlockOperation.Write, 1, 1, new byte[512]));
            Assert.Equal(BlockStatus.Success, bench.Run(BlockOperation.Read, 0, 8, new byte[4096]));
        }

        Assert.Equal(BlockStatus.Success, bench.Run(BlockOperation.Write, 0, 8, new byte[4096]));
        Assert.Equal("serving", bench.Volume.State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Flush_FailedOnce_NothingIsDurableUntilTheVolumeIsOpenedAnew(bool fails)
    {
        using var bench = new VolumeBench("file");
        if (fails)
        {
            using var failing = new FailingDescriptors((StoredVolume)bench.Volume, "/dev/full");
            Assert.Equal(BlockStatus.HardwareError, bench.Run(BlockOperation.Flush, 0, 0));
        }

        // Without the failure the same requests succeed: it is the failure that is seen, not the test's own doing.
        BlockStatus durable = fails ? BlockStatus.HardwareError : BlockStatus.Success;
        Assert.Equal(durable, bench.Run(BlockOperation.Flush, 0, 0));
        Assert.Equal(durable, bench.Run(BlockOperation.Write, 0, 8, new byte[4096], fua: true));
        Assert.Equal(BlockStatus.Success, bench.Run(BlockOperation.Write, 0, 8, new byte[4096]));
        await bench.ReopenAsync();
        Assert.Equal(BlockStatus.Success, bench.Run(BlockOperation.Flush, 0, 0));
        Assert.Equal(BlockStatus.Success, bench.Run(BlockOperation.Write, 0, 8, new byte[4096], fua: true));
    }

    [Fact]
    public void Ring_FewerSlotsThanWrites_MakesThemWaitAndServesAll()
    {
        using var bench = new VolumeBench("file", slotCount: 8);
        List<int> ended = bench.RunAtOnce(200, blocks: 8, overlapping: false, out bool hadToWait);
        Assert.True(hadToWait);
        Assert.Equal(Enumerable.Range(1, 200), ended.Order());
        byte[] data = new byte[4096];
        Assert.Equal(BlockStatus.Success, bench.Run(BlockOperation.Read, 199 * 8, 8, data));
        Assert.All(data, value => Assert.Equal(200, value));
    }

    [Fact]
    public void Ring_AsManySlotsAsWritesNeed_MakesNoneWait()
    {
        using var bench = new VolumeBench("file");
        Assert.Equal(200, bench.RunAtOnce(200, blocks: 8, overlapping: false, out bool hadToWait).Count);
        Assert.False(hadToWait);
    }

    // Puts both descriptors of a volume on another file, and back at the end.
    private sealed partial class FailingDescriptors : IDisposable
    {
        private readonly int[] _numbers;
        private readonly int[] _saved;

        internal FailingDescriptors(StoredVolume volume, string path)
        {
            using SafeFileHandle failing = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            _numbers = [volume.Descriptor, volume.DescriptorFor(0, 0, 4096)];
            _saved = [.. _numbers.Select(number => Duplicate(number))];
            foreach (int number in _numbers) Assert.Equal(number, Duplicate((int)failing.DangerousGetHandle(), number));
        }

        public void Dispose()
        {
            for (int i = 0; i < _numbers.Length; i++)
            {
                Assert.Equal(_numbers[i], Duplicate(_saved[i], _numbers[i]));
                _ = Close(_saved[i]);
            }
        }

        [LibraryImport("libc", EntryPoint = "dup")]
        private static partial int Duplicate(int number);

        [LibraryImport("libc", EntryPoint = "dup2")]
        private static partial int Duplicate(int number, int onto);

        [LibraryImport("libc", EntryPoint = "close")]
        private static partial int Close(int number);
    }
}
