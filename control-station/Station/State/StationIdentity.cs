using System.Text.Json;
using System.Text.Json.Serialization;

namespace VSan.Station.State;

/// <summary>What <c>vsan-station init</c> decided, in <c>station.json</c>. Its presence marks a directory as initialised: it is written last.</summary>
/// <param name="Name">Name of the pool, for people.</param>
/// <param name="Addresses">Names and addresses that clients reach the station by, beyond those it listens on.</param>
/// <param name="CreatedAt">When.</param>
internal sealed record StationIdentity(string Name, IReadOnlyList<string> Addresses, DateTimeOffset CreatedAt)
{
    public static StationIdentity Load(StateDirectory state)
    {
        try
        {
            return JsonSerializer.Deserialize(state.Read(StateDirectory.Identity), StationJson.Default.StationIdentity)
                ?? throw new JsonException("It is empty.");
        }
        catch (JsonException exception)
        {
            throw new StationException($"{state.PathOf(StateDirectory.Identity)} is damaged: {exception.Message}", exception);
        }
    }

    public void Save(StateDirectory state) =>
        state.Write(StateDirectory.Identity, JsonSerializer.SerializeToUtf8Bytes(this, StationJson.Default.StationIdentity));
}

/// <summary>The first sign-in, printed once by <c>vsan-station init</c>.</summary>
internal sealed record FirstSignIn(string UserName, string Password, string CaFingerprint)
{
    public override string ToString() => $"FirstSignIn {{ UserName = {UserName} }}";
}

/// <summary>JSON that only the station itself reads and writes.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StationIdentity))]
[JsonSerializable(typeof(FirstSignIn))]
internal sealed partial class StationJson : JsonSerializerContext;
