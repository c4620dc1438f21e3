using VSan.Contracts;
using VSan.Contracts.UnitLink;
using VSan.Images;
using VSan.UnitAgent.Configuration;
using VSan.UnitAgent.State;

namespace VSan.UnitAgent.Updating;

/// <summary>
/// Brings this unit to the image that its configuration wants, and judges the one that it was started with. It looks at what is wanted and what
/// lies on the boot partition, and acts; it keeps nothing but the file that is being fetched.
/// <code>
///   wanted, not there ──► fetch ──► check ──► stage ──(told to)──► restart
///   runs, on trial ──► linked, served, test written and read ──► bless
///   not wanted, never blessed ──► discard
/// </code>
/// </summary>
internal sealed class ImageUpdates(
    RunningImage running,
    BootSlots? slots,
    ISlotKeeper keeper,
    IImageSource source,
    Func<ImageSigners> signers,
    ConfigurationStore accepted,
    IUnitHealth health,
    StateDirectory state,
    TimeProvider time,
    ILogger<ImageUpdates> log)
{
    private const string NotesFile = "image-trial.json";
    private const string DownloadFile = "image.part";

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(10);

    private string? _refused;
    private string? _refusal;
    private string? _loggedObstacle;
    private bool _isRestarting;
    private volatile ImageFact? _fact;

    /// <summary>What the station is told in reports; null when nothing is wanted.</summary>
    public ImageFact? Fact => _fact;

    /// <summary>What the station is told in the inventory; null when no image of the appliance runs here.</summary>
    public ImageInventory? Inventory => running.Version is null ? null : new ImageInventory(running.Version.Text, slots?.IsOnTrial() == true, slots is null ? "It was not started from a disk of its own." : null);

    private ImageSpec? Wanted => accepted.Present?.Document.Image;

    /// <summary>Looks and acts until the token ends it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            TimeSpan pause = Period;
            try
            {
                await PassAsync(cancellationToken);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException or UnitFailure)
            {
                log.LogWarning("The image of this unit: {Reason} It is tried again.", failure.Message);
                if (_fact is { } fact) _fact = fact with { Trouble = failure.Message };
                pause = Retry;
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    /// <summary>One look, and whatever it calls for.</summary>
    internal async Task PassAsync(CancellationToken cancellationToken)
    {
        if (running.Version is not { } version) return;
        if (slots?.IsOnTrial() == true) await JudgeAsync(version, cancellationToken);
        if (Wanted is { } wanted && ImageVersion.TryParse(wanted.Version, out ImageVersion? next)) await FollowAsync(version, next, wanted, cancellationToken);
        else await ForgetAsync(version, cancellationToken);
    }

    private async Task FollowAsync(ImageVersion version, ImageVersion next, ImageSpec wanted, CancellationToken cancellationToken)
    {
        ImageFact Fact(ImagePhase phase, string? trouble = null) => new(wanted.Version, version.Text, phase, _fact?.Version == wanted.Version ? _fact.DoneBytes : 0, trouble);

        if (slots is null)
        {
            _fact = Fact(next == version ? ImagePhase.Running : ImagePhase.Fetching, next == version ? null : Inventory?.NotUpdatable);
            return;
        }

        if (next == version) _fact = Fact(slots.IsOnTrial() ? ImagePhase.OnTrial : ImagePhase.Running, _loggedObstacle);
        else if (_refused == wanted.Digest) _fact = Fact(ImagePhase.Refused, _refusal);
        else if (slots.All().All(slot => slot.Version != next)) await StageAsync(next, wanted, Fact, cancellationToken);
        else if (slots.HasFallen(next) || Notes(wanted.Version).Restarts > Slot.Tries) _fact = Fact(ImagePhase.FellBack, $"Version {next} was started and never became healthy; {version} runs.");
        else await RestartAsync(wanted, Fact(ImagePhase.Staged), cancellationToken);
    }

    private async Task StageAsync(ImageVersion next, ImageSpec wanted, Func<ImagePhase, string?, ImageFact> fact, CancellationToken cancellationToken)
    {
        _fact = fact(ImagePhase.Fetching, null);
        string path = state.FilePath(DownloadFile);
        await source.FetchAsync(wanted, path, done => _fact = fact(ImagePhase.Fetching, null) with { DoneBytes = done }, cancellationToken);
        try
        {
            Check(path, next, wanted);
        }
        catch (ImageRefusedException refusal)
        {
            Refuse(wanted, path, fact, refusal.Message);
            return;
        }

        await using FileStream file = File.OpenRead(path);
        SlotAnswer answer = await keeper.AskAsync(new SlotRequest(SlotVerb.Stage, wanted.Version, wanted.Digest, wanted.SizeBytes), file, cancellationToken);
        if (answer is { Refused: true, Error: { } reason })
        {
            Refuse(wanted, path, fact, reason);
            return;
        }

        if (answer.Error is { } error) throw new IOException(error);
        File.Delete(path);
        DurableFile.Delete(state.FilePath(NotesFile));
        log.LogInformation("Version {Version} is on the boot disk; it is tried at the next start.", wanted.Version);
        _fact = fact(ImagePhase.Staged, null);
    }

    // Before anything is done with it; whoever writes it to the boot disk looks for itself again.
    private void Check(string path, ImageVersion next, ImageSpec wanted)
    {
        using FileStream file = File.OpenRead(path);
        ImageFile image = ImageFile.Inspect(file, signers());
        if (image.Digest != wanted.Digest || image.Version != next) throw new ImageRefusedException($"It is version {image.Version} with digest {image.Digest}, which is not what the station spoke of.");
    }

    private void Refuse(ImageSpec wanted, string path, Func<ImagePhase, string?, ImageFact> fact, string reason)
    {
        File.Delete(path);
        (_refused, _refusal) = (wanted.Digest, reason);
        log.LogError("The file of version {Version} is refused: {Reason}", wanted.Version, reason);
        _fact = fact(ImagePhase.Refused, reason);
    }

    private async Task RestartAsync(ImageSpec wanted, ImageFact staged, CancellationToken cancellationToken)
    {
        _fact = staged;
        if (!wanted.Restart || _isRestarting) return;
        TrialNotes notes = Notes(wanted.Version);
        DurableFile.Write(state.FilePath(NotesFile), notes with { Restarts = notes.Restarts + 1 }, StateJson.Default.TrialNotes);
        SlotAnswer answer = await keeper.AskAsync(new SlotRequest(SlotVerb.Restart), file: null, cancellationToken);
        if (answer.Error is { } error) throw new IOException(error);
        _isRestarting = true;
        log.LogInformation("This unit starts again, to try version {Version}.", wanted.Version);
    }

    private async Task JudgeAsync(ImageVersion version, CancellationToken cancellationToken)
    {
        if (await health.ObstacleAsync(cancellationToken) is { } obstacle)
        {
            if (obstacle != _loggedObstacle) log.LogWarning("Version {Version} is not healthy yet: {Obstacle}", version, obstacle);
            _loggedObstacle = obstacle;
            return;
        }

        SlotAnswer answer = await keeper.AskAsync(new SlotRequest(SlotVerb.Bless), file: null, cancellationToken);
        if (answer.Error is { } error) throw new IOException(error);
        _loggedObstacle = null;
        health.EndTrial();
        log.LogInformation("Version {Version} is healthy: it is started from now on.", version);
    }

    // What was put there and is not wanted any more; what is on trial itself is left to its trial.
    private async Task ForgetAsync(ImageVersion version, CancellationToken cancellationToken)
    {
        _fact = null;
        (_refused, _refusal) = (null, null);
        File.Delete(state.FilePath(DownloadFile));
        foreach (Slot slot in slots?.All().Where(slot => !slot.IsBlessed && slot.Version != version) ?? [])
        {
            SlotAnswer answer = await keeper.AskAsync(new SlotRequest(SlotVerb.Discard, slot.Version.Text), file: null, cancellationToken);
            if (answer.Error is { } error) throw new IOException(error);
            DurableFile.Delete(state.FilePath(NotesFile));
            log.LogInformation("Version {Version} was taken off the boot disk.", slot.Version);
        }
    }

    private TrialNotes Notes(string version) =>
        DurableFile.Read(state.FilePath(NotesFile), StateJson.Default.TrialNotes) is { } notes && notes.Version == version ? notes : new TrialNotes(version, 0);
}
