using System.Security.Cryptography;
using System.Text;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>What is taken and given back for shares and their bindings, inside a transaction. Giving back what is gone changes nothing.</summary>
internal static class SharePlan
{
    /// <summary>Digits of an identity in a user name; the last ones, which are random.</summary>
    private const int UserNameLength = 12;

    /// <summary>Hexadecimal digits, 128 bits.</summary>
    private const int PasswordLength = 32;

    /// <summary>Promises a store's space to a share.</summary>
    public static Share Reserve(IStationTransaction transaction, Domain.Store store, Share share)
    {
        transaction.Table<Domain.Store>().Update(store with { PromisedBytes = checked(store.PromisedBytes + share.SizeBytes) });
        return transaction.Table<Share>().Insert(share);
    }

    /// <summary>Where a share is; its unit's address may have changed since it was made.</summary>
    public static string UrlOf(IStationTransaction transaction, Share share) =>
        $"https://{ServiceKinds.File.OfferOf(transaction.Require<Unit>(share.UnitId, "unit")).Address ?? "unknown"}:{share.Port}/";

    /// <summary>A new permission and the password that belongs to it.</summary>
    public static (ShareBinding Binding, string Password) NewBinding(IStationTransaction transaction, DateTimeOffset now, Share share, Guid? hostId, string holder)
    {
        if (transaction.Table<ShareBinding>().Where(Lookups.ShareBindingShare, share.Id.ToString()).Any(other => other.Holder == holder))
            throw new ProblemException("already-bound", $"{share.Name} lets {holder} in already.", "Its password was shown once. To have a new one, release the share from it and bind it again.");
        Guid id = transaction.NewId(now);
        string password = RandomNumberGenerator.GetHexString(PasswordLength, lowercase: true);
        ShareBinding binding = new(id, share.Id, hostId, holder, $"share-{id.ToString("N")[^UserNameLength..]}", HashOf(password), ShareBindingState.Pending, now);
        return (transaction.Table<ShareBinding>().Insert(binding), password);
    }

    /// <summary>Who is let in to a share.</summary>
    public static IReadOnlyList<ShareBinding> BindingsOf(IStationTransaction transaction, Guid shareId) =>
        transaction.Table<ShareBinding>().Where(Lookups.ShareBindingShare, shareId.ToString());

    /// <summary>Gives back a share's space and forgets it; its space stays promised while its unit may still keep it.</summary>
    /// <param name="transaction">The store.</param>
    /// <param name="shareId">The share.</param>
    /// <param name="keptUntil">The generation with which its unit is rid of it, while it is not; null when it is.</param>
    public static void Release(IStationTransaction transaction, Guid shareId, long? keptUntil)
    {
        if (transaction.Table<Share>().Find(shareId) is not { } share) return;
        Domain.Store store = transaction.Require<Domain.Store>(share.StoreId, "store");
        if (keptUntil is { } generation) transaction.Table<Leftover>().Insert(new Leftover(share.Id, share.UnitId, share.StoreId, share.SizeBytes, generation));
        else transaction.Table<Domain.Store>().Update(store with { PromisedBytes = store.PromisedBytes - share.SizeBytes });
        Forget(transaction, shareId);
    }

    /// <summary>Forgets a share and who was let in to it.</summary>
    public static void Forget(IStationTransaction transaction, Guid shareId)
    {
        foreach (ShareBinding binding in BindingsOf(transaction, shareId)) transaction.Table<ShareBinding>().Delete(binding.Id);
        transaction.Table<Share>().Delete(shareId);
    }

    // An htpasswd file takes this, MD5 and bcrypt. A salt and slowness protect passwords that can be guessed; 128 random bits cannot.
#pragma warning disable CA5350
    private static string HashOf(string password) => $"{{SHA}}{Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(password)))}";
#pragma warning restore CA5350
}
