using Microsoft.Extensions.Logging.Abstractions;
using VSan.Contracts.UnitLink;
using VSan.Tests.ControlPlane.Images;
using VSan.UnitAgent.Configuration;
using VSan.UnitAgent.Reconcile;
using VSan.UnitAgent.State;
using VSan.UnitAgent.Updating;
using Xunit;

namespace VSan.Tests.ControlPlane.UnitAgent;

/// <summary>A unit follows the image that is wanted of it, with a real boot partition and a keeper in this process.</summary>
public sealed class ImageUpdatesTests : IDisposable
{
    private static readonly Guid UnitId = Guid.NewGuid();

    private readonly TemporaryDirectory _directory = new();
    private readonly SignedImage _images = new();
    private readonly StateDirectory _state;
    private readonly ConfigurationStore _accepted;
    private readonly EspFiles _files;
    private readonly Health _health = new();
    private readonly byte[] _sent;
    private long _generation;
    private int _restarts;

    public ImageUpdatesTests()
    {
        BootPartition.Make(_directory.File("esp"), _images.Make("0.1.0"));
        _state = StateDirectory.Take(_directory.File("state"));
        _accepted = new ConfigurationStore(LocalFiles.Instance, _state.Path);
        _files = new EspFiles(_directory.File("esp"));
        _sent = _images.Make("0.2.0");
    }

    public void Dispose()
    {
        _state.Dispose();
        _images.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Update_HealthyVersion_IsStagedStartedAndBlessed()
    {
        Want("0.2.0", restart: false);
        ImageUpdates before = Agent("0.1.0");
        await before.PassAsync(default);
        Assert.Equal((ImagePhase.Staged, 0), (before.Fact!.Phase, _restarts));
        Want("0.2.0", restart: true);
        await before.PassAsync(default);
        await before.PassAsync(default);
        Assert.Equal((ImagePhase.Staged, 1), (before.Fact!.Phase, _restarts));

        Assert.Equal("0.2.0", BootPartition.Boot(_files));
        ImageUpdates after = Agent("0.2.0");
        _health.Obstacle = "The station is not within reach.";
        await after.PassAsync(default);
        Assert.Equal((ImagePhase.OnTrial, _health.Obstacle), (after.Fact!.Phase, after.Fact.Trouble));
        _health.Obstacle = null;
        await after.PassAsync(default);
        Assert.Equal(ImagePhase.Running, after.Fact!.Phase);
        Assert.Equal("vsan_0.2.0.efi", new BootSlots(_files, ImageFileTests.Parse("0.2.0")).All()[0].FileName);
        Assert.Equal(1, _restarts);
    }

    [Fact]
    public async Task Update_NeverHealthy_FallsBackAndIsNotTriedAgain()
    {
        Want("0.2.0", restart: true);
        ImageUpdates before = Agent("0.1.0");
        await before.PassAsync(default);
        await before.PassAsync(default);
        for (int start = 0; start < Slot.Tries; start++) Assert.Equal("0.2.0", BootPartition.Boot(_files));
        Assert.Equal("0.1.0", BootPartition.Boot(_files));

        ImageUpdates after = Agent("0.1.0");
        await after.PassAsync(default);
        await after.PassAsync(default);
        Assert.Equal((ImagePhase.FellBack, 1), (after.Fact!.Phase, _restarts));

        Want(version: null, restart: false);
        await after.PassAsync(default);
        Assert.Null(after.Fact);
        Assert.Equal(["vsan_0.1.0.efi", "vsan_0.1.0.grub"], _files.Names(BootSlots.Folder));
    }

    [Fact]
    public async Task Update_BootLoaderThatNeverTakesIt_IsNotFollowedForEver()
    {
        Want("0.2.0", restart: true);
        for (int start = 0; start < Slot.Tries + 3; start++)
        {
            ImageUpdates agent = Agent("0.1.0");
            for (int pass = 0; pass < 3; pass++) await agent.PassAsync(default);
        }

        Assert.Equal(Slot.Tries + 1, _restarts);
    }

    [Fact]
    public async Task Update_TamperedFile_IsRefusedBeforeTheKeeperSeesIt()
    {
        Want("0.2.0", restart: true);
        _sent[4000] ^= 1;
        ImageUpdates agent = Agent("0.1.0");
        await agent.PassAsync(default);
        await agent.PassAsync(default);
        Assert.Equal((ImagePhase.Refused, 0), (agent.Fact!.Phase, _restarts));
        Assert.Equal(["vsan_0.1.0.efi", "vsan_0.1.0.grub"], _files.Names(BootSlots.Folder));
        Assert.False(File.Exists(_state.FilePath("image.part")));
    }

    [Fact]
    public async Task Update_OfAnotherDigestThanWanted_IsRefused()
    {
        Want("0.2.0", restart: true, digest: new string('a', 64));
        ImageUpdates agent = Agent("0.1.0");
        await agent.PassAsync(default);
        Assert.Equal(ImagePhase.Refused, agent.Fact!.Phase);
    }

    [Fact]
    public async Task Update_WithdrawnBeforeTheRestart_LeavesTheUnitAsItWas()
    {
        Want("0.2.0", restart: false);
        ImageUpdates agent = Agent("0.1.0");
        await agent.PassAsync(default);
        Want(version: null, restart: false);
        await agent.PassAsync(default);
        Assert.Equal(("0.1.0", 0), (BootPartition.WhatBoots(_files), _restarts));
        Assert.Equal(new GrubEnvironment("0.1.0", null, 0), GrubEnvironment.Parse(_files.Read(BootSlots.Environment)));
        Assert.Equal(["vsan_0.1.0.efi", "vsan_0.1.0.grub"], _files.Names(BootSlots.Folder));
    }

    [Fact]
    public async Task Keeper_RequestsThatMakeNoSense_AreAnsweredAndChangeNothing()
    {
        Keeper keeper = new(this);
        foreach (string line in (string[])["", "{}", "null", "{\"verb\":\"Stage\",\"version\":\"../x\"}\n", "{\"verb\":\"Fly\"}\n", new string('x', 5000)])
        {
            MemoryStream answer = new();
            keeper.Real("0.1.0").Serve(new MemoryStream(System.Text.Encoding.ASCII.GetBytes(line)), answer);
            Assert.StartsWith("{", System.Text.Encoding.ASCII.GetString(answer.ToArray()), StringComparison.Ordinal);
        }

        Assert.Equal(["vsan_0.1.0.efi", "vsan_0.1.0.grub"], _files.Names(BootSlots.Folder));
        SlotAnswer wrong = await keeper.AskAsync(new SlotRequest(SlotVerb.Stage, "0.2.0", SignedImage.DigestOf(_sent), _sent.Length + 1), new MemoryStream(_sent), default);
        Assert.True(wrong.Refused);
    }

    [Theory]
    [InlineData(false, true, 1, 1, "station")]
    [InlineData(true, false, 1, 1, "block server")]
    [InlineData(true, true, 0, 0, "what is to be served")]
    [InlineData(true, true, 2, 1, "Generation 2")]
    [InlineData(true, true, 2, 2, null)]
    public void Health_WhatIsMissing_IsSaid(bool linked, bool running, long generation, long applied, string? obstacle)
    {
        string? said = UnitHealth.Obstacle(linked, new ServedState(new ConfigurationStatus(generation, applied, []), running, 0), hasPortal: true);
        if (obstacle is null) Assert.Null(said);
        else Assert.Contains(obstacle, said, StringComparison.Ordinal);
    }

    private void Want(string? version, bool restart, string? digest = null)
    {
        ImageSpec? spec = version is null ? null : new ImageSpec(version, digest ?? SignedImage.DigestOf(_images.Make(version)), _sent.Length, restart);
        if (spec is not null && digest is null) spec = spec with { Digest = _wanted ??= SignedImage.DigestOf(_sent) };
        _accepted.Accept(new ConfigurationPush(new UnitConfiguration(UnitId, ++_generation, [], []) { Image = spec }, new Dictionary<string, string>()));
    }

    private string? _wanted;

    private ImageUpdates Agent(string running)
    {
        _running = running;
        return new ImageUpdates(
            new RunningImage(ImageFileTests.Parse(running)), new BootSlots(_files, ImageFileTests.Parse(running)), new Keeper(this), new Source(this), () => _images.Signers(_directory.Path),
            _accepted, _health, _state, TimeProvider.System, NullLogger<ImageUpdates>.Instance);
    }

    private string _running = "0.1.0";

    private sealed class Health : IUnitHealth
    {
        public string? Obstacle { get; set; }

        public Task<string?> ObstacleAsync(CancellationToken cancellationToken) => Task.FromResult(Obstacle);

        public void EndTrial()
        {
        }
    }

    private sealed class Source(ImageUpdatesTests test) : IImageSource
    {
        public Task FetchAsync(ImageSpec spec, string path, Action<long> onProgress, CancellationToken cancellationToken)
        {
            onProgress(test._sent.Length);
            return File.WriteAllBytesAsync(path, test._sent, cancellationToken);
        }
    }

    /// <summary>The real keeper, with the streams of a connection.</summary>
    private sealed class Keeper(ImageUpdatesTests test) : ISlotKeeper
    {
        public SlotKeeper Real(string running) => new(new BootSlots(test._files, ImageFileTests.Parse(running)), test._images.Signers(test._directory.Path), test._directory.Path);

        public async Task<SlotAnswer> AskAsync(SlotRequest request, Stream? file, CancellationToken cancellationToken)
        {
            MemoryStream input = new(), output = new();
            input.Write(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(request, SlotJson.Default.SlotRequest));
            input.WriteByte((byte)'\n');
            if (file is not null) await file.CopyToAsync(input, cancellationToken);
            input.Position = 0;
            Real(test._running).Serve(input, output);
            if (request.Verb == SlotVerb.Restart) test._restarts++;
            return System.Text.Json.JsonSerializer.Deserialize(output.ToArray(), SlotJson.Default.SlotAnswer)!;
        }
    }
}
