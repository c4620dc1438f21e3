using System.Text;
using VSan.Contracts;
using VSan.Images;
using VSan.Tests.ControlPlane.Images;
using VSan.UnitAgent.Updating;
using Xunit;

namespace VSan.Tests.ControlPlane.UnitAgent;

/// <summary>Versions on the boot partition: whatever cuts a change off, a boot loader finds the old one or the new one whole.</summary>
public sealed class BootSlotsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly SignedImage _images = new();
    private readonly byte[] _new;

    public BootSlotsTests()
    {
        _new = _images.Make("0.2.0");
        BootPartition.Make(_directory.Path, _images.Make("0.1.0"));
    }

    private EspFiles Files => new(_directory.Path);

    public void Dispose()
    {
        _images.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void Stage_SignedVersion_IsTriedNextByBothBootLoaders()
    {
        Stage(Files, _new);

        Assert.Equal(["vsan_0.1.0.efi", "vsan_0.1.0.grub", "vsan_0.2.0+3.efi", "vsan_0.2.0.grub"], Files.Names(BootSlots.Folder));
        Assert.Equal(new GrubEnvironment("0.1.0", "0.2.0", 3), Grub());
        Assert.Equal(_new, Files.Read("EFI/Linux/vsan_0.2.0+3.efi"));
        Assert.StartsWith("linux (uki)4+2 quiet panic=10 vsanboot=disk $trial\ninitrd (uki)6+391\n", Encoding.ASCII.GetString(Files.Read("EFI/Linux/vsan_0.2.0.grub")), StringComparison.Ordinal);
    }

    [Fact]
    public void Stage_FileThatMayNotBeUsed_LeavesEverythingAsItWas()
    {
        using SignedImage stranger = new();
        byte[] tampered = [.. _new];
        tampered[5000] ^= 1;
        foreach ((byte[] file, string version) in ((byte[], string)[])[(tampered, "0.2.0"), (stranger.Make("0.2.0"), "0.2.0"), (_images.Make("0.3.0"), "0.2.0"), (_new[..^8], "0.2.0")])
        {
            Assert.Throws<ImageRefusedException>(() => Slots(Files).Stage(Version(version), SignedImage.DigestOf(file), file.Length, new MemoryStream(file), Signers()));
            Assert.Equal(["vsan_0.1.0.efi", "vsan_0.1.0.grub"], Files.Names(BootSlots.Folder).Where(name => !name.EndsWith("0.2.0.grub", StringComparison.Ordinal)));
            Assert.Equal("0.1.0", BootPartition.WhatBoots(Files));
        }

        Assert.Throws<ImageRefusedException>(() => Slots(Files).Stage(Version("0.2.0"), new string('a', 64), _new.Length, new MemoryStream(_new), Signers()));
        Assert.Throws<ImageRefusedException>(() => Slots(Files).Stage(Version("0.1.0"), SignedImage.DigestOf(_new), _new.Length, new MemoryStream(_new), Signers()));
    }

    [Fact]
    public void Stage_CutOffAtEachCall_BootsTheOldOrTheNewAndCanBeRepeated() =>
        CutOff(Stage, boots => Assert.Contains(boots, (string[])["0.1.0", "0.2.0"]), () => Assert.Equal("0.2.0", BootPartition.WhatBoots(Files)));

    [Fact]
    public void Bless_CutOffAtEachCall_BootsWhatRuns()
    {
        Stage(Files, _new);
        BootPartition.Boot(Files);
        CutOff(
            (files, _) => new BootSlots(files, Version("0.2.0")).Bless(),
            boots => Assert.Equal("0.2.0", boots),
            () =>
            {
                Assert.False(new BootSlots(Files, Version("0.2.0")).IsOnTrial());
                Assert.Equal(new GrubEnvironment("0.2.0", null, 0), Grub());
            });
    }

    [Fact]
    public void Discard_CutOffAtEachCall_BootsTheOldOrTheNew()
    {
        Stage(Files, _new);
        CutOff(
            (files, _) => Slots(files).Discard(Version("0.2.0")),
            boots => Assert.Contains(boots, (string[])["0.1.0", "0.2.0"]),
            () => Assert.Equal(["vsan_0.1.0.efi", "vsan_0.1.0.grub"], Files.Names(BootSlots.Folder)));
    }

    [Fact]
    public void Trial_ThreeStartsWithoutABlessing_FallsBackForGood()
    {
        Stage(Files, _new);
        for (int start = 0; start < Slot.Tries; start++)
        {
            Assert.False(Slots(Files).HasFallen(Version("0.2.0")));
            Assert.Equal("0.2.0", BootPartition.Boot(Files));
        }

        Assert.Equal("0.1.0", BootPartition.Boot(Files));
        Assert.True(Slots(Files).HasFallen(Version("0.2.0")));
        Assert.Equal("0.1.0", BootPartition.Boot(Files));
    }

    [Fact]
    public void Stage_AfterAnUpdate_LeavesOnlyTheRunningVersionBesideIt()
    {
        Stage(Files, _new);
        new BootSlots(Files, Version("0.2.0")).Bless();
        byte[] third = _images.Make("0.3.0");
        new BootSlots(Files, Version("0.2.0")).Stage(Version("0.3.0"), SignedImage.DigestOf(third), third.Length, new MemoryStream(third), Signers());
        Assert.Equal(["vsan_0.2.0.efi", "vsan_0.2.0.grub", "vsan_0.3.0+3.efi", "vsan_0.3.0.grub"], Files.Names(BootSlots.Folder));
    }

    [Theory]
    [InlineData("vsan_1.2.efi", "1.2", null)]
    [InlineData("vsan_1.2+3.efi", "1.2", 3)]
    [InlineData("vsan_1.2+2-1.efi", "1.2", 2)]
    [InlineData("vsan_1.2+0-3.efi", "1.2", 0)]
    public void Slot_Name_SaysVersionAndTries(string name, string version, int? left)
    {
        Assert.True(Slot.TryParse(name, out Slot? slot));
        Assert.Equal((version, left), (slot.Version.Text, slot.TriesLeft));
    }

    [Theory]
    [InlineData("vsan_1.2.new")]
    [InlineData("vsan_.efi")]
    [InlineData("vsan_1.2+.efi")]
    [InlineData("vsan_1.2+3-1-1.efi")]
    [InlineData("vsan_1.2+3+3.efi")]
    [InlineData("other_1.2.efi")]
    public void Slot_OtherName_IsNone(string name) => Assert.False(Slot.TryParse(name, out _));

    [Fact]
    public void GrubEnvironment_RoundTrip_IsOneBlockWithItsLinesInTheFirstSector()
    {
        GrubEnvironment environment = new("1.2.3", "1.2.4", 2);
        byte[] block = environment.Format();
        Assert.Equal(environment, GrubEnvironment.Parse(block));
        Assert.Equal("# GRUB Environment Block\ngood=1.2.3\ntry=1.2.4\ntries=2\n".PadRight(1024, '#'), Encoding.ASCII.GetString(block));
        Assert.Throws<InvalidDataException>(() => GrubEnvironment.Parse(new byte[1024]));
    }

    // Runs the change with its first, second, … call failing, until it goes through.
    private void CutOff(Action<IEspFiles, byte[]> change, Action<string> cutOff, Action done)
    {
        for (int call = 1; ; call++)
        {
            MortalEspFiles mortal = new(Files, call);
            try
            {
                change(mortal, _new);
                break;
            }
            catch (PowerCutException)
            {
                cutOff(BootPartition.WhatBoots(Files));
            }
        }

        done();
    }

    private void Stage(IEspFiles files, byte[] file) => Slots(files).Stage(Version("0.2.0"), SignedImage.DigestOf(file), file.Length, new MemoryStream(file), Signers());

    private static BootSlots Slots(IEspFiles files) => new(files, Version("0.1.0"));

    private GrubEnvironment Grub() => GrubEnvironment.Parse(Files.Read(BootSlots.Environment));

    private ImageSigners Signers() => _images.Signers(_directory.Path);

    private static ImageVersion Version(string text) => ImageFileTests.Parse(text);
}
