using System.Text.Json;
using System.Text.Json.Serialization;

namespace VSan.Cli;

/// <summary>One station and the session of one user on it.</summary>
/// <param name="Name">What <c>--context</c> says.</param>
/// <param name="Server">Base address.</param>
/// <param name="CaCertificate">PEM of the only root that is trusted.</param>
/// <param name="UserName">Who signed in.</param>
/// <param name="BearerToken">The session's secret.</param>
/// <param name="ExpiresAt">When the session ends.</param>
internal sealed record SavedContext(string Name, Uri Server, string CaCertificate, string UserName, string BearerToken, DateTimeOffset ExpiresAt);

/// <summary>The file of contexts, mode 0600 because it holds bearer tokens.</summary>
/// <param name="Current">The one used without <c>--context</c>.</param>
/// <param name="Contexts">All of them.</param>
internal sealed record SavedContexts(string Current, IReadOnlyList<SavedContext> Contexts)
{
    /// <summary>Name of a context that was not given one.</summary>
    public const string DefaultName = "default";

    /// <summary>What the file says; empty when there is none.</summary>
    public static SavedContexts Load(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return JsonSerializer.Deserialize(file, SavedContextsJson.Default.SavedContexts) ?? new(DefaultName, []);
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return new(DefaultName, []);
        }
        catch (JsonException damage)
        {
            throw new CommandFailure(ExitCode.Error, $"{path} is damaged: {damage.Message}", "Remove it and sign in again with 'vsan login'.");
        }
    }

    /// <summary>The context with this name, or the current one.</summary>
    public SavedContext? Find(string? name) => Contexts.FirstOrDefault(c => c.Name == (name ?? Current));

    /// <summary>With one context added or replaced, and current.</summary>
    public SavedContexts With(SavedContext context) => new(context.Name, [.. Contexts.Where(c => c.Name != context.Name), context]);

    /// <summary>Without a context.</summary>
    public SavedContexts Without(SavedContext context)
    {
        SavedContext[] rest = [.. Contexts.Where(c => c.Name != context.Name)];
        return new(Current == context.Name ? rest.FirstOrDefault()?.Name ?? DefaultName : Current, rest);
    }

    /// <summary>Replaces the file in one step; it is never readable by others, not even while it is written.</summary>
    public void Save(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string partial = $"{path}.{Environment.ProcessId}";
        File.Delete(partial);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var file = new FileStream(partial, options))
        {
            JsonSerializer.Serialize(file, this, SavedContextsJson.Default.SavedContexts);
        }

        File.Move(partial, path, overwrite: true);
    }
}

/// <summary>JSON of the file of contexts.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SavedContexts))]
internal sealed partial class SavedContextsJson : JsonSerializerContext;
