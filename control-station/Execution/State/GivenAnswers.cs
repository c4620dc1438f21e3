using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using VSan.Contracts.Api;
using Operation = VSan.Station.Domain.Operation;

namespace VSan.Station.Execution;

/// <summary>
/// Answers that requests with an Idempotency-Key were given, kept for 24 hours in the transaction of the change itself. All are sealed: some
/// hold a secret, and a fast hash of a request with a password in it would betray the password.
/// </summary>
internal sealed class GivenAnswers(ISecretProtector protector)
{
    /// <summary>Old answers removed with each new one: more than one, so that the table shrinks after a rush.</summary>
    private const int SweepCount = 8;

    private const int IdBytes = 16;

    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>The answer that the caller was given to this key, or null.</summary>
    public static GivenAnswer? Find(IStationTransaction transaction, DateTimeOffset now, Caller caller, string action)
    {
        if (caller.Request is not { } request || Sabotage.ForgetsAnswers) return null;
        return transaction.Table<GivenAnswer>().Where(Lookups.AnswerKey, RowKey(caller, action, request)) is [GivenAnswer given] && now - given.CreatedAt < Kept ? given : null;
    }

    /// <summary>Keeps an answer for the request's repetition; nothing for a request without a key.</summary>
    public void Keep<T>(IStationTransaction transaction, DateTimeOffset now, Caller caller, string action, string subject, T answer)
    {
        if (caller.Request is not { } request) return;
        ITable<GivenAnswer> answers = transaction.Table<GivenAnswer>();
        string key = RowKey(caller, action, request);
        foreach (GivenAnswer old in answers.Page(after: null, SweepCount).Where(old => now - old.CreatedAt >= Kept)) answers.Delete(old.Id);
        foreach (GivenAnswer old in answers.Where(Lookups.AnswerKey, key)) answers.Delete(old.Id);
        answers.Insert(new GivenAnswer(transaction.NewId(now), key, Seal(Asked(request, subject)), Seal(Write(answer)), now));
    }

    /// <summary>The answer again, if it is the same request.</summary>
    public T Repeat<T>(IStationTransaction transaction, GivenAnswer given, IdempotentRequest request, string subject)
    {
        if (!Open(given.RequestHash).AsSpan().SequenceEqual(Asked(request, subject)))
            throw new ProblemException("idempotency-mismatch", "This Idempotency-Key was used for another request.", "Use a fresh key for each request.");
        return Read<T>(transaction, Open(given.Answer));
    }

    private static string RowKey(Caller caller, string action, IdempotentRequest request) => $"{caller.Name}/{action}/{request.Key}";

    private static byte[] Asked(IdempotentRequest request, string subject) => Encoding.UTF8.GetBytes($"{request.Hash} {subject}");

    // An operation is kept by its identity: the repetition sees how far it is.
    private static byte[] Write<T>(T answer) => answer switch
    {
        Operation operation => operation.Id.ToByteArray(),
        IReadOnlyList<Operation> operations => [.. operations.SelectMany(operation => operation.Id.ToByteArray())],
        _ => JsonSerializer.SerializeToUtf8Bytes(answer, TypeOf<T>()),
    };

    private static T Read<T>(IStationTransaction transaction, byte[] kept)
    {
        if (typeof(T) == typeof(Operation)) return (T)(object)Find(transaction, kept);
        if (typeof(T) == typeof(IReadOnlyList<Operation>)) return (T)(object)kept.Chunk(IdBytes).Select(id => Find(transaction, id)).ToArray();
        return JsonSerializer.Deserialize(kept, TypeOf<T>()) ?? throw new InvalidDataException("A kept answer is empty.");
    }

    private static Operation Find(IStationTransaction transaction, byte[] id) => transaction.Require<Operation>(new Guid(id), "operation");

    private static JsonTypeInfo<T> TypeOf<T>() => (JsonTypeInfo<T>?)ApiJson.Default.GetTypeInfo(typeof(T))
        ?? throw new InvalidOperationException($"{typeof(T).Name} is no document of the API: an answer of this kind cannot be kept for a repetition.");

    private string Seal(byte[] content) => Convert.ToBase64String(protector.Protect(content));

    private byte[] Open(string content) => protector.Unprotect(Convert.FromBase64String(content));
}
