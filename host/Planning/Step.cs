using VSan.HostAgent.State;

namespace VSan.HostAgent.Planning;

/// <summary>From the pool's blocks to files; a step of a layer is planned when those before it are as they should be.</summary>
internal enum Layer
{
    /// <summary>What this host remembers, and what keeps others' hands off.</summary>
    Guard,

    /// <summary>Node records of open-iscsi.</summary>
    Record,

    /// <summary>Sessions.</summary>
    Session,

    /// <summary>Disks of the legs.</summary>
    Disk,

    /// <summary>The one disk that is made of the legs.</summary>
    Assembly,

    /// <summary>The filesystem.</summary>
    FileSystem,

    /// <summary>The mount.</summary>
    Mount,
}

/// <summary>One thing that is done to this host. Its text is what a dry run prints; secrets are not in it.</summary>
/// <param name="Layer">Which layer it belongs to.</param>
internal abstract record Step(Layer Layer)
{
    /// <summary>True: what a dry run foretells; it is planned anew, and then done, when the layers before it are there.</summary>
    public bool IsForecast { get; init; }

    /// <summary>A program with its arguments; no shell reads them.</summary>
    /// <param name="Layer">Which layer it belongs to.</param>
    /// <param name="Tool">The program.</param>
    /// <param name="Arguments">Its arguments.</param>
    internal sealed record Command(Layer Layer, string Tool, params IReadOnlyList<string> Arguments) : Step(Layer)
    {
        /// <summary>What is run when it fails; null lets its failure count.</summary>
        public Command? Otherwise { get; init; }

        /// <summary>True: its failure is told and the pass goes on, as another way or another copy may do.</summary>
        public bool MayFail { get; init; }

        /// <inheritdoc/>
        public override string ToString() => string.Join(' ', Arguments.Prepend(Tool).Select(Quote)) + (Otherwise is null ? "" : $" || {Otherwise}");

        private static string Quote(string word) => word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_=/.,:[]+@%".Contains(letter, StringComparison.Ordinal)) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }

    /// <summary>A file that is written whole.</summary>
    /// <param name="Layer">Which layer it belongs to.</param>
    /// <param name="Path">Which one.</param>
    /// <param name="Text">Its content.</param>
    internal sealed record Write(Layer Layer, string Path, string Text) : Step(Layer)
    {
        /// <inheritdoc/>
        public override string ToString() => $"write {Path}: {Text.TrimEnd().ReplaceLineEndings(" ")}";
    }

    /// <summary>A file that goes.</summary>
    /// <param name="Layer">Which layer it belongs to.</param>
    /// <param name="Path">Which one.</param>
    internal sealed record Delete(Layer Layer, string Path) : Step(Layer)
    {
        /// <inheritdoc/>
        public override string ToString() => $"delete {Path}";
    }

    /// <summary>A directory to mount on.</summary>
    /// <param name="Path">Which one.</param>
    internal sealed record MakeFolder(string Path) : Step(Layer.Mount)
    {
        /// <inheritdoc/>
        public override string ToString() => $"mkdir -p {Path}";
    }

    /// <summary>CHAP names and secrets, written into a node record's file: on a command line others could read them.</summary>
    /// <param name="Target">The target.</param>
    /// <param name="Portal">The portal.</param>
    /// <param name="Settings">Names and values.</param>
    internal sealed record Secrets(string Target, string Portal, IReadOnlyList<KeyValuePair<string, string>> Settings) : Step(Layer.Record)
    {
        /// <inheritdoc/>
        public override string ToString() => $"write {string.Join(", ", Settings.Select(setting => setting.Key))} to the node record of {Target} at {Portal} (not on a command line)";
    }

    /// <summary>Something is remembered, durably, before what follows.</summary>
    /// <param name="Record">What is known from now on.</param>
    /// <param name="Why">For a person.</param>
    internal sealed record Remember(VolumeRecord Record, string Why) : Step(Layer.Guard)
    {
        /// <inheritdoc/>
        public override string ToString() => $"remember: {Why}";
    }

    /// <summary>The volume is no longer this agent's.</summary>
    /// <param name="VolumeId">Which one.</param>
    internal sealed record Forget(Guid VolumeId) : Step(Layer.Guard)
    {
        /// <inheritdoc/>
        public override string ToString() => "forget the volume";
    }
}

/// <summary>What is in the way.</summary>
/// <param name="Layer">Of which layer.</param>
/// <param name="Text">For a person.</param>
/// <param name="NextAction">What a person can do; null when it goes by itself.</param>
internal sealed record Obstacle(Layer Layer, string Text, string? NextAction = null)
{
    /// <summary>True: it says how far something is, and changes all the time.</summary>
    public bool IsProgress { get; init; }
}

/// <summary>What there is to do with one volume, in its order, and what is in the way.</summary>
/// <param name="Steps">Each step; those that depend on what is not there yet are forecasts.</param>
/// <param name="Obstacles">What is in the way.</param>
internal sealed record HostPlan(IReadOnlyList<Step> Steps, IReadOnlyList<Obstacle> Obstacles)
{
    /// <summary>The steps that can be done now: those of the first layer that has any.</summary>
    /// <param name="isOver">Steps that were tried in this pass already.</param>
    public IReadOnlyList<Step> Now(Func<Step, bool> isOver)
    {
        Step[] left = [.. Steps.Where(step => !step.IsForecast && !isOver(step))];
        return [.. left.Where(step => step.Layer == left[0].Layer)];
    }

    /// <summary>Nothing to do, nothing in the way.</summary>
    public bool IsDone => Steps.Count == 0 && Obstacles.Count == 0;
}
