using VSan.UnitAgent;
using VSan.UnitAgent.Inventory;
using Xunit;

namespace VSan.Tests.ControlPlane.UnitAgent;

public sealed class StoreTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();
    private readonly Guid _unitId = Guid.NewGuid();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Open_DirectoryWithForeignFiles_IsRefusedAndUntouched()
    {
        File.WriteAllText(_root.File("thesis.txt"), "years of work");

        UnitFailure refusal = Assert.Throws<UnitFailure>(() => Store.Open(_root.Path, _unitId, expected: null, limitBytes: null));

        Assert.Contains("thesis.txt", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["thesis.txt"], Directory.EnumerateFileSystemEntries(_root.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Open_EmptyDirectoryTwice_IsTheSameStore() => Assert.Equal(Open().Id, Open().Id);

    [Fact]
    public void Open_StoreOfAnotherUnit_IsRefused()
    {
        _ = Open();
        _ = Assert.Throws<UnitFailure>(() => Store.Open(_root.Path, Guid.NewGuid(), expected: null, limitBytes: null));
    }

    [Fact]
    public void Open_KnownStoreNotMounted_IsRefusedAndNotMadeAnew()
    {
        _ = Assert.Throws<UnitFailure>(() => Store.Open(_root.Path, _unitId, expected: Guid.NewGuid(), limitBytes: null));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_root.Path));
    }

    [Fact]
    public void Inspect_Limit_CapsCapacityAndFreeSpace()
    {
        Store store = Store.Open(_root.Path, _unitId, expected: null, limitBytes: 1 << 20);
        File.WriteAllBytes(store.ImagePath(Guid.NewGuid()), new byte[256 * 1024]);

        Assert.Equal((1 << 20, (1 << 20) - (256 * 1024)), (store.Inspect().CapacityBytes, store.Inspect().FreeBytes));
    }

    private Store Open() => Store.Open(_root.Path, _unitId, expected: null, limitBytes: null);
}
