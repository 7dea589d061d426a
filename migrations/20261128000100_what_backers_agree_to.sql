-- What backers agree to when they pledge, word for word. The version is the day from which it is shown.
insert into legal_texts (kind, version, locale, body) values
('pledge', '2026-12-01', 'ko', '후원은 상품을 바로 사는 것이 아니라, 프로젝트가 목표를 채우면 돈을 내기로 하는 약속이에요. 지금은 결제하지 않고, 마감까지 목표를 채운 프로젝트만 마감 뒤에 결제해요. 마감 전에는 언제든 바꾸거나 취소할 수 있어요.'),
('pledge', '2026-12-01', 'en', 'A pledge is not a purchase that is made now. It is a promise to pay if the project reaches its goal. Nothing is charged now; after the deadline, only projects that reached their goal are charged. Until the deadline you can change or cancel your pledge at any time.'),
('address', '2026-12-01', 'ko', '리워드를 보낼 수 있게 받는 사람의 이름, 연락처, 주소를 이 프로젝트의 창작자에게 제공해요. 창작자는 리워드를 보내는 데에만 쓰고, 모두 전달한 뒤에 지워요. 동의하지 않을 수 있지만, 그러면 배송하는 리워드는 받을 수 없어요.'),
('address', '2026-12-01', 'en', 'So that your reward can be sent, the name, phone number and address of its recipient are given to the creator of this project. They use them only to send rewards, and delete them once everything is delivered. You may refuse, but then rewards that are sent cannot reach you.'),
('on_the_market', '2026-12-01', 'ko', '국내나 해외에서 이미 팔고 있는 물건이에요. 전자상거래법에 따라 받은 날부터 7일 안에 청약을 철회하고 돌려받을 수 있어요.'),
('on_the_market', '2026-12-01', 'en', 'These goods are already sold, here or abroad. By Korean e-commerce law you can withdraw within 7 days after you received them and get your money back.'),
('made_to_order', '2026-12-01', 'ko', '주문을 받은 뒤 후원자마다 따로 만드는 물건이에요. 다른 사람에게 다시 팔 수 없어서, 마감 뒤에는 마음이 바뀌었다는 이유로 청약을 철회할 수 없어요. 표시된 내용과 다르거나 하자가 있으면 그래도 돌려받을 수 있어요.'),
('made_to_order', '2026-12-01', 'en', 'These goods are made for you after you order them and cannot be sold to anybody else. So after the deadline you cannot withdraw because you changed your mind. If they are faulty or not as described, you still get your money back.'),
('to_be_made', '2026-12-01', 'ko', '아직 세상에 없는 물건이고, 이 프로젝트로 처음 만들어요. 만드는 동안 일정이나 모습이 달라질 수 있고, 마감 뒤에는 마음이 바뀌었다는 이유로 취소할 수 없어요. 표시된 내용과 다르거나, 약속한 때까지 받지 못하면 환불을 요청할 수 있어요.'),
('to_be_made', '2026-12-01', 'en', 'These goods do not exist yet: this project makes them. Dates and details may change on the way, and after the deadline you cannot cancel because you changed your mind. If they are not as described, or do not come when promised, you can ask for your money back.'),
('service', '2026-12-01', 'ko', '물건이 아니라 파일이나 입장권, 수업처럼 제공받는 것이에요. 제공이 시작되기 전이나 제공받은 날부터 7일 안에는 청약을 철회할 수 있어요. 이미 쓴 부분은 돌려받지 못할 수 있어요.'),
('service', '2026-12-01', 'en', 'This is not goods but something that is provided: a file, a ticket, a lesson. You can withdraw before it begins, or within 7 days after it was provided. What you have used already may not be paid back.'),
('thanks', '2026-12-01', 'ko', '창작자가 고마움을 전하는 표시예요. 대가로 주고받는 상품이 아니어서 청약 철회나 하자 보상의 대상이 아니에요.'),
('thanks', '2026-12-01', 'en', 'This is a thank-you from the creator. It is not sold to you, so there is nothing to withdraw from or to claim for.');
