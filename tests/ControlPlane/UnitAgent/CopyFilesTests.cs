using VSan.Contracts.UnitLink;
using VSan.UnitAgent.Copying;
using VSan.UnitAgent.Reconcile;
using VSan.UnitAgent.State;
using Xunit;

namespace VSan.Tests.ControlPlane.UnitAgent;

/// <summary>Files of a leg that is copied from another unit, and the digest by which both are compared.</summary>
public sealed class CopyFilesTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();
    private readonly UnitUnderTest _unit;
    private readonly LegFiles _files;
    private readonly LegSpec _leg;

    public CopyFilesTests()
    {
        _unit = new UnitUnderTest(_root.Path, Guid.NewGuid());
        _files = new LegFiles(_unit.UnitId, _unit.Stores, LocalFiles.Instance);
        _leg = Documents.Leg(Guid.NewGuid(), _unit.Store.Id);
    }

    public void Dispose()
    {
        _unit.Dispose();
        _root.Dispose();
    }

    [Fact]
    public void Copy_BegunAgain_GoesOnFromItsMark_AndAnotherSizeBeginsAnew()
    {
        (string path, long done) = _files.BeginCopy(_leg);
        Assert.Equal((0, _leg.SizeBytes), (done, new FileInfo(path).Length));
        _files.Mark(_leg, 4096);
        Assert.Equal((path, 4096L), _files.BeginCopy(_leg));
        Assert.Equal(0, _files.BeginCopy(_leg with { SizeBytes = 2 * _leg.SizeBytes }).DoneBytes);
    }

    [Fact]
    public void Copy_NotWhole_IsNeitherServedNorMadeEmpty()
    {
        (string path, _) = _files.BeginCopy(_leg);
        Assert.False(_files.TryEnsure(_leg, record: null, out _, out UnitCondition? condition));
        Assert.Equal("leg-missing", condition.Code);
        Assert.False(File.Exists(_unit.Store.ImagePath(_leg.LegId)));
        Assert.True(File.Exists(path));
        Assert.Null(_files.DigestOf(_leg));
    }

    [Fact]
    public void Copy_Whole_IsServedAndNeverBegunAgain()
    {
        (string path, _) = _files.BeginCopy(_leg);
        File.WriteAllBytes(path, [.. Enumerable.Repeat((byte)7, (int)_leg.SizeBytes)]);
        _files.EndCopy(_leg, "digest");
        Assert.Equal("digest", _files.DigestOf(_leg));
        Assert.True(_files.TryEnsure(_leg, record: null, out string? image, out _));
        Assert.Equal(7, File.ReadAllBytes(image)[0]);
        Assert.Throws<IOException>(() => _files.BeginCopy(_leg));
        Assert.True(_files.TryRemove(_leg.StoreId, _leg.LegId));
        Assert.Empty(Directory.EnumerateFiles(_unit.Store.LegsPath));
    }

    [Fact]
    public void Copy_PowerLostBetweenItsNameAndItsDescription_IsWholeAtTheNextLook()
    {
        (string path, _) = _files.BeginCopy(_leg);
        Assert.False(_files.TryEndCopyAgain(_leg));
        _files.EndCopy(_leg, "digest");
        LegDescription described = DurableFile.Read(_unit.Store.DescriptionPath(_leg.LegId), StateJson.Default.LegDescription)!;
        DurableFile.Write(_unit.Store.DescriptionPath(_leg.LegId), described with { State = LegState.Copying }, StateJson.Default.LegDescription);
        Assert.Null(_files.DigestOf(_leg));
        Assert.True(_files.TryEndCopyAgain(_leg));
        Assert.Equal("digest", _files.DigestOf(_leg));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void Remove_OfACopyThatIsNotWhole_LeavesNothing()
    {
        _ = _files.BeginCopy(_leg);
        Assert.True(_files.TryRemove(_leg.StoreId, _leg.LegId));
        Assert.Empty(Directory.EnumerateFiles(_unit.Store.LegsPath));
    }

    [Fact]
    public void Digest_HolesAndZeroesAreAlike_AndEveryByteAndPlaceCounts()
    {
        byte[] data = [1, 2, 3];
        string digest = Of((0, data));
        Assert.Equal(digest, Of((0, data), (LegCopyRun.ChunkBytes, new byte[8])));
        Assert.NotEqual(digest, Of((LegCopyRun.ChunkBytes, data)));
        Assert.NotEqual(digest, Of((0, [1, 2, 4])));
        Assert.NotEqual(digest, Of());
    }

    private static string Of(params (long Offset, byte[] Chunk)[] chunks)
    {
        using BlockDigest digest = new();
        foreach ((long offset, byte[] chunk) in chunks) digest.Add(offset, chunk);
        return digest.End();
    }
}
