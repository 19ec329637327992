import { rowsOf, type Family } from './effect-rows.ts';

/** Mail, text messages, chat and payments: effects that reach a person or move money, and that cannot be taken back. */

const mail = rowsOf('mail', '@sendgrid/mail sendgrid @sendgrid/client nodemailer mailgun-js mailgun.js postmark resend @mailchimp/mailchimp_transactional sparkpost mandrill-api node-mailjet @getbrevo/brevo @azure/communication-email');
const sms = rowsOf('sms', 'twilio @vonage/server-sdk messagebird nexmo plivo notifications-node-client web-push @azure/communication-sms expo-server-sdk onesignal-node');
const chat = rowsOf('chat', '@slack/web-api @slack/webhook slack @slack/bolt discord.js telegraf node-telegram-bot-api');
const payment = rowsOf('payment', 'stripe braintree square @paypal/checkout-server-sdk @adyen/api-library @mollie/api-client razorpay gocardless-nodejs paypal-rest-sdk');

export const peopleFamilies: readonly Family[] = [
  {
    name: 'Mail, text messages, chat',
    source: 'README and API pages of @sendgrid/mail 8, nodemailer 7, mailgun.js, postmark 4, resend, twilio 5, notifications-node-client 8, @slack/web-api 7 (November 2026)',
    rows: [
      mail('sendMail send sendMultiple messages.send emails.send sendEmail sendEmailBatch sendEmailWithTemplate messages.create beginSend', 'send', 'person', '[0].to|[0].To|[0]', { payload: '[0]' }),
      sms('messages.create', 'send', 'person', '[0].to', { payload: '[0].body' }),
      sms('sendSms sendEmail sendLetter sendNotification sendPushNotificationsAsync calls.create', 'send', 'person', '[1]|[0].to|[0]'),
      chat('chat.postMessage chat.update chat.postEphemeral', 'send', 'person', '[0].channel', { payload: '[0].text|[0].blocks' }),
      chat('IncomingWebhook.send sendMessage files.upload files.uploadV2', 'send', 'person', 'IncomingWebhook[0]|[0].channel|[0]', { payload: '[0]' }),
    ],
  },
  {
    name: 'Payments',
    source: 'Stripe Node library 18 (paymentIntents, charges, refunds, transfers, payouts; idempotencyKey in the request options), braintree 3, square 42, PayPal checkout (November 2026)',
    rows: [
      payment('charges.create paymentIntents.create paymentIntents.confirm paymentIntents.capture refunds.create transfers.create payouts.create invoices.pay subscriptions.create topups.create', 'charge', 'payment', '=payment', { payload: '[0]', key: '[1].idempotencyKey' }),
      payment('checkout.sessions.create invoices.create invoiceItems.create customers.create paymentMethods.attach', 'write', 'payment', '=payment', { payload: '[0]', key: '[1].idempotencyKey' }),
      payment('payment.create payment.execute payout.create transaction.sale transaction.refund subscription.create payments.create payments.capture orders.create orders.capture', 'charge', 'payment', '=payment', { payload: '[0]', key: '[0].idempotencyKey' }),
      payment('checkout.sessions.retrieve customers.retrieve subscriptions.retrieve paymentIntents.retrieve charges.retrieve', 'read', 'payment', '=payment'),
    ],
  },
];
