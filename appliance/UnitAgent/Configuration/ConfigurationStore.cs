using VSan.Contracts.UnitLink;
using VSan.UnitAgent.State;

namespace VSan.UnitAgent.Configuration;

/// <summary>
/// Keeps the accepted document in <c>configuration.json</c> and its secrets beside it in <c>secrets-GENERATION.json</c>, both mode 0600.
/// The secrets are durable before the document that needs them, so the document's rename is the one moment at which a push is accepted.
/// </summary>
/// <remarks>Used under the reconciler's gate only.</remarks>
internal sealed class ConfigurationStore
{
    private const string DocumentName = "configuration.json";

    private readonly IFiles _files;
    private readonly string _directory;

    public ConfigurationStore(IFiles files, string directory)
    {
        (_files, _directory) = (files, directory);
        Present = DurableFile.Read(files, DocumentPath, StateJson.Default.AcceptedConfiguration);
        if (Present is not null)
            Secrets = DurableFile.Read(files, SecretsPath(Present.Document.Generation), StateJson.Default.DictionaryStringString) ?? [];
    }

    /// <summary>The last accepted document; null before the first.</summary>
    public AcceptedConfiguration? Present { get; private set; }

    /// <summary>Its secrets, by reference.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; private set; } = new Dictionary<string, string>();

    /// <summary>Makes a push the present configuration. When it returns, it stays so after a power cut.</summary>
    public void Accept(ConfigurationPush push)
    {
        UnitConfiguration document = push.Configuration;
        Dictionary<string, string> secrets = new(push.Secrets);
        long? replaced = Present?.Document.Generation;
        AcceptedConfiguration accepted = new(document, Removals(Present, document))
        {
            Records = push.Records,
            LockEpoch = Math.Max(push.LockEpoch, Present?.LockEpoch ?? 0),
            ShareRemovals = ShareRemovals(Present, document),
        };
        DurableFile.Write(_files, SecretsPath(document.Generation), secrets, StateJson.Default.DictionaryStringString);
        if (!Sabotage.ForgetsToAccept) DurableFile.Write(_files, DocumentPath, accepted, StateJson.Default.AcceptedConfiguration);
        (Present, Secrets) = (accepted, secrets);
        if (replaced is { } generation) DurableFile.Delete(_files, SecretsPath(generation));
    }

    /// <summary>The present configuration was pushed again under this lock epoch.</summary>
    public void Hear(long lockEpoch)
    {
        if (Present is not { } present || present.LockEpoch >= lockEpoch) return;
        AcceptedConfiguration raised = present with { LockEpoch = lockEpoch };
        DurableFile.Write(_files, DocumentPath, raised, StateJson.Default.AcceptedConfiguration);
        Present = raised;
    }

    /// <summary>The removals are done: they are not carried into the next document.</summary>
    public void ForgetRemovals()
    {
        if (Present is not { Removals.Count: > 0 } present) return;
        AcceptedConfiguration cleared = present with { Removals = [] };
        DurableFile.Write(_files, DocumentPath, cleared, StateJson.Default.AcceptedConfiguration);
        Present = cleared;
    }

    /// <summary>Shares that are to go are gone.</summary>
    public void ForgetShareRemovals()
    {
        if (Present is not { ShareRemovals.Count: > 0 } present) return;
        AcceptedConfiguration cleared = present with { ShareRemovals = [] };
        DurableFile.Write(_files, DocumentPath, cleared, StateJson.Default.AcceptedConfiguration);
        Present = cleared;
    }

    private static LegRemoval[] ShareRemovals(AcceptedConfiguration? present, UnitConfiguration next)
    {
        if (present is null) return [];
        HashSet<Guid> kept = [.. next.Shares.Select(share => share.ShareId), .. (next.KeptLegs ?? []).Select(leg => leg.LegId)];
        return [.. present.Document.Shares.Select(share => new LegRemoval(share.StoreId, share.ShareId)).Concat(present.ShareRemovals).Where(removal => !kept.Contains(removal.LegId)).Distinct()];
    }

    private static LegRemoval[] Removals(AcceptedConfiguration? present, UnitConfiguration next)
    {
        if (present is null) return [];
        HashSet<Guid> kept = [.. next.AllLegs().Select(leg => leg.LegId), .. (next.KeptLegs ?? []).Select(leg => leg.LegId)];
        return [.. present.Document.AllLegs().Select(leg => new LegRemoval(leg.StoreId, leg.LegId))
            .Concat((present.Document.KeptLegs ?? []).Select(leg => new LegRemoval(leg.StoreId, leg.LegId)))
            .Concat(present.Removals)
            .Where(removal => !kept.Contains(removal.LegId))
            .Distinct()];
    }

    private string DocumentPath => Path.Combine(_directory, DocumentName);

    private string SecretsPath(long generation) => Path.Combine(_directory, $"secrets-{generation}.json");
}
